using DigitML.Models;

namespace DigitML.Training;

/// <summary>What a training run gives: the model and how it came about.</summary>
/// <param name="Model">The trained network.</param>
/// <param name="History">Epoch by epoch.</param>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record TrainingResult(Mlp Model, TrainingHistory History)
{
    /// <summary>One line when training did not run to its end, with what to change; null otherwise.</summary>
    public string? Warning { get; init; }

    /// <summary>Where the time went, in the order of <see cref="TrainingPhase"/>; empty unless <see cref="MlpTrainer.MeasurePhases"/>.</summary>
    public IReadOnlyList<PhaseTime> Phases { get; init; } = [];
}

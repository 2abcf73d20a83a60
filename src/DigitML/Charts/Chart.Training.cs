using DigitML.Charts.Drawing;
using DigitML.Training;

namespace DigitML.Charts;

public static partial class Chart
{
    /// <summary>Loss and accuracy over the epochs, of training and of validation, with the epoch marked whose weights the model has.</summary>
    /// <param name="history">A run; without a completed epoch the axes are empty.</param>
    public static Figure LearningCurves(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var epochs = history.Epochs;
        var network = string.Join('-', history.Options.HiddenLayers);
        var subtitle = FormattableString.Invariant(
            $"{Name(history.Dataset, history.IsSynthetic)} · {history.TrainingImages:N0} images, {history.ValidationImages:N0} to validate on · hidden layers {(network.Length == 0 ? "none" : network)} · seed {history.Options.Seed}{Lowest(history)}");
        var hasValidation = history.ValidationImages > 0;
        var x = EpochAxis(Math.Max(1, epochs.Count));
        var losses = Curves("loss", value => FormattableString.Invariant($"{value:0.0000} nats"), epoch => epoch.TrainLoss, epoch => epoch.ValidationLoss);
        var accuracies = Curves("accuracy", Share, epoch => epoch.TrainAccuracy, epoch => epoch.ValidationAccuracy);
        return new Figure(
            "Learning curves",
            subtitle,
            880,
            400,
            [
                new Panel(76, 116, 340, 222, x, ZeroAxis("Mean cross-entropy, nats", Values(losses), Ticks.Number), Marks(losses)) { Title = "Loss" },
                new Panel(518, 116, 340, 222, x, ShareAxis("Images classified correctly, %", Values(accuracies)), Marks(accuracies)) { Title = "Accuracy" },
            ],
            legendLeft: Edge);

        IReadOnlyList<Series> Curves(string what, Func<double, string> format, Func<EpochReport, double> ofTraining, Func<EpochReport, double?> ofValidation)
        {
            var training = Curve("Training", what, format, Palette.Blue, epoch => ofTraining(epoch));
            return hasValidation
                ? [training, Curve("Validation", what, format, Palette.Vermilion, ofValidation) with { IsDashed = true, Symbol = Symbol.Diamond }]
                : [training];
        }

        Series Curve(string name, string what, Func<double, string> format, string color, Func<EpochReport, double?> valueOf) => new()
        {
            Name = name,
            X = [.. epochs.Select(epoch => (double)epoch.Epoch)],
            Y = [.. epochs.Select(epoch => valueOf(epoch) ?? double.NaN)],
            Color = color,
            Symbol = Symbol.Circle,
            Hover = [.. epochs.Select(epoch => $"Epoch {epoch.Epoch}\n{name} {what} {format(valueOf(epoch) ?? double.NaN)}")],
        };

        IReadOnlyList<Mark> Marks(IReadOnlyList<Series> series) =>
            history.BestEpoch > 0 ? [.. series, new Rule(history.BestEpoch, $"kept: epoch {history.BestEpoch}")] : [.. series];

        static IEnumerable<double> Values(IReadOnlyList<Series> series) => series.SelectMany(curve => curve.Y);
    }

    /// <summary>The epoch that did best in validation, where another one was kept.</summary>
    private static string Lowest(TrainingHistory history) =>
        history.Epochs.Where(epoch => epoch.ValidationLoss is { } loss && double.IsFinite(loss)).MinBy(epoch => epoch.ValidationLoss) is { } best && best.Epoch != history.BestEpoch
            ? FormattableString.Invariant($" · lowest validation loss in epoch {best.Epoch}")
            : "";

    private static Axis EpochAxis(int epochs)
    {
        var step = Math.Max(1, Ticks.Step(epochs, 8));
        return new Axis("Epoch", 0.5, epochs + 0.5) { Ticks = epochs == 1 ? [new Tick(1, "1")] : Ticks.Every(Math.Ceiling(step), 1, epochs, Ticks.Number) };
    }
}

using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>One piece of ink that was read as a digit, or refused.</summary>
public sealed record ReadDigit
{
    /// <summary>The most probable digit, 0 to 9; for <see cref="Verdict.NotADigit"/> it is what the network would say if it had to.</summary>
    public required int Digit { get; init; }

    /// <summary>The digit's calibrated probability, 0 to 1.</summary>
    public required float Probability { get; init; }

    /// <summary>The second most probable digit, 0 to 9.</summary>
    public required int RunnerUp { get; init; }

    /// <summary>The runner-up's calibrated probability, 0 to 1.</summary>
    public required float RunnerUpProbability { get; init; }

    /// <summary>Where the ink is, in pixels of the picture as it was given.</summary>
    public required PixelBox Box { get; init; }

    /// <summary><see cref="Verdict.Digit"/>, <see cref="Verdict.Ambiguous"/> or <see cref="Verdict.NotADigit"/>.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>[10] calibrated probabilities of the digits, summing to 1.</summary>
    public required ReadOnlyMemory<float> Probabilities { get; init; }

    /// <summary>What the network saw: 28×28, the ink light on black.</summary>
    public required GreyImage Image { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ReadDigit), PrintMembers);
}

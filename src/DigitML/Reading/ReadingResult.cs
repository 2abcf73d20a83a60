using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>What was read in a picture.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record ReadingResult
{
    /// <summary>
    /// The digits in reading order, lines parted by <c>\n</c>; refused ink is left out. Empty when there is nothing to read.
    /// Of a picture that is said to hold a single digit it is the most probable one, even where the verdict refuses it.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>
    /// The picture's verdict: <see cref="Verdict.Blank"/> without ink, <see cref="Verdict.NotADigit"/> when there is ink but no digit,
    /// <see cref="Verdict.Ambiguous"/> when at least one digit is, else <see cref="Verdict.Digit"/>.
    /// </summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Every piece of ink that was judged, in reading order, the refused ones included.</summary>
    public required IReadOnlyList<ReadDigit> Digits { get; init; }

    /// <summary>
    /// Ink that was seen and is part of no piece that was judged: ruled lines, specks, separators and other things. The largest
    /// hundred pieces at most; what is smaller than half of the smallest digit that is looked for is not among them.
    /// </summary>
    public IReadOnlyList<LeftOutInk> LeftOut { get; init; } = [];

    /// <summary>The pictures between, in the order they were made; empty unless <see cref="ReaderOptions.KeepSteps"/> is set.</summary>
    public required IReadOnlyList<ReadingStep> Steps { get; init; }

    /// <summary>Width of the picture as it was given, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the picture as it was given, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// The reading as one line of JSON, as <c>predict --json</c> prints it, without a line feed at its end:
    /// <c>{ "file", "text", "verdict", "width", "height", "digits": [ { "digit", "probability", "box": { "x", "y", "width", "height" }, "verdict", … } ] }</c>.
    /// </summary>
    /// <param name="file">The picture's name or path, as the caller knows it.</param>
    public string ToJson(string file = "picture") => ReadingDocument.Of(file, this).ToJson();

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ReadingResult), PrintMembers);
}

/// <summary>A picture between the one that was given and the digits that were read.</summary>
/// <param name="Name">What it shows, in lower case with hyphens: <c>ground</c>. Serves as a file name.</param>
/// <param name="Picture">The picture; large ones are shown at the size they were worked on.</param>
public sealed record ReadingStep(string Name, GreyImage Picture);

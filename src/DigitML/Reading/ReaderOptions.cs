using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>How a <see cref="DigitReader"/> reads. Checked when the reader is made.</summary>
public sealed record ReaderOptions
{
    private const int MostWanted = 100;

    /// <summary>Whether <see cref="ReadingResult.Steps"/> is filled; it takes memory and a little time.</summary>
    /// <value>false.</value>
    public bool KeepSteps { get; init; }

    /// <summary>A digit is ambiguous when the runner-up has at least this share of the digit's probability.</summary>
    /// <value>0.25. Greater than 0 and at most 1.</value>
    public double AmbiguousShare { get; init; } = 0.25;

    /// <summary>
    /// The score below which ink is refused as no digit; null takes the one that the model was given when it was trained
    /// (metadata <c>rejectionThreshold</c>), and without one refuses nothing.
    /// Among digits of a line less is asked for; in a picture of which most ink is refused, all of it is.
    /// </summary>
    /// <value>null. 0 to 1.</value>
    public double? RejectionThreshold { get; init; }

    /// <summary>
    /// Whether there may be ruled lines, boxes or a grid, which are taken away before digits are looked for. False says that all ink was
    /// written, as on a drawing pad: a level bar is then never taken for a line.
    /// </summary>
    /// <value>true.</value>
    public bool HasLines { get; init; } = true;

    /// <summary>
    /// The form that every line of text is known to have, such as <c>#*,##</c> for an amount, <c>##.##.####</c> for a date or <c>#####</c> for a ZIP
    /// code: <c>#</c> is a digit, <c>#*</c> any number of digits, even none, and every other character stands for itself. A line is read as the
    /// likeliest text of the form, <see cref="ReadingResult.Text"/> has the other characters where the form has them, whether they were written or
    /// not, and a line that cannot be read so is refused. Null reads any number of digits and leaves out what is none. Not used where the picture
    /// is said to hold a single digit.
    /// </summary>
    /// <value>null. At least one <c>#</c>, no digits, one line.</value>
    public string? Pattern { get; init; }

    /// <summary>What a picture file may cost.</summary>
    /// <value><see cref="ImageLimits.Default"/>: 50 megapixels.</value>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>What reads picture files; the first decoder that recognises the content.</summary>
    /// <value><see cref="ImageFile.BuiltInDecoders"/>: PNG and JPEG. The package DigitML.Imaging.Magick has more.</value>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = ImageFile.BuiltInDecoders;

    /// <summary>
    /// Boxes, in pixels of the picture as it is given, whose ink is known to be a digit's: no line is taken out of it, and it is joined
    /// to the nearest digit. For a second reading, with boxes of <see cref="ReadingResult.LeftOut"/>.
    /// </summary>
    /// <value>Empty. At most 100.</value>
    public IReadOnlyList<PixelBox> Wanted { get; init; } = [];

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        if (!(AmbiguousShare > 0 && AmbiguousShare <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(AmbiguousShare)} must be greater than 0 and at most 1; got {AmbiguousShare}."));
        }

        if (RejectionThreshold is { } threshold && !(threshold >= 0 && threshold <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(RejectionThreshold)} must be 0 to 1; got {threshold}."));
        }

        if (Pattern is not null)
        {
            DigitPattern.Parse(Pattern);
        }

        if (Wanted is null || Wanted.Count > MostWanted)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Wanted)} must be at most {MostWanted} boxes; got {Wanted?.Count ?? 0}."));
        }

        ArgumentNullException.ThrowIfNull(Limits);
        ArgumentNullException.ThrowIfNull(Decoders);
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ReaderOptions), PrintMembers);
}

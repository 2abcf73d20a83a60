using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>How a folder of pictures is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>Pixels a row that every picture is brought to.</summary>
    /// <value>28. 1 to 4,096.</value>
    public int Width { get; init; } = 28;

    /// <summary>Rows that every picture is brought to.</summary>
    /// <value>28. 1 to 4,096.</value>
    public int Height { get; init; } = 28;

    /// <summary>How a picture is brought to that size.</summary>
    /// <value>null: <see cref="FrameOfDigits"/> for digits of other sizes, else scaled whole; dark ink becomes light where most pictures have a light border.</value>
    public PictureFrame? Frame { get; init; }

    /// <summary>How pictures are brought to that size where the classes are the digits and the pictures are not of that size already: <c>new DigitML.Reading.ReaderFrame()</c>.</summary>
    /// <value>null: as others.</value>
    public PictureFrame? FrameOfDigits { get; init; }

    /// <summary>The classes' names in the order of a model's outputs; a folder of another name is an error.</summary>
    /// <value>null: the folders' names, numbers by size and before words.</value>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether a picture that cannot be read is an error.</summary>
    /// <value>false: it is left out and listed.</value>
    public bool IsStrict { get; init; }

    /// <summary>The decoders to choose from.</summary>
    /// <value><see cref="ImageFile.BuiltInDecoders"/>: PNG and JPEG.</value>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = ImageFile.BuiltInDecoders;

    /// <summary>What a picture file may cost.</summary>
    /// <value><see cref="ImageLimits.Default"/>.</value>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Threads that decode; the result does not depend on it. 0 takes one per processor.</summary>
    /// <value>0. At least 0.</value>
    public int Threads { get; init; }

    /// <summary>A folder that keeps what was decoded, by the content of the pictures, so that the next time is quick.</summary>
    /// <value>null: nothing is kept.</value>
    public string? CacheFolder { get; init; }

    /// <summary>What that folder may hold at most.</summary>
    /// <value>2 GiB. At least 0.</value>
    public long MaximumCacheBytes { get; init; } = 2L << 30;

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        const int LargestSide = 4096;
        if (Width is < 1 or > LargestSide || Height is < 1 or > LargestSide)
        {
            throw new ArgumentException(Invariant($"{nameof(Width)} and {nameof(Height)} must be 1 to {LargestSide}; got {Width} and {Height}."));
        }

        if (Threads < 0)
        {
            throw new ArgumentException(Invariant($"{nameof(Threads)} must be at least 0; got {Threads}."));
        }

        if (MaximumCacheBytes < 0)
        {
            throw new ArgumentException(Invariant($"{nameof(MaximumCacheBytes)} must be at least 0; got {MaximumCacheBytes}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ImageFolderOptions), PrintMembers);
}

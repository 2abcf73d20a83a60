using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>
/// Reads the digits in a picture: photographs, scans, drawings and icons, dark on light or light on dark, one digit or many.
/// Immutable; safe to use from many threads at once.
/// </summary>
public sealed class DigitReader
{
    /// <summary>The longer side, in pixels, on which pictures are worked on: a digit a fiftieth of it tall still has 24 pixels.</summary>
    internal const int WorkingSide = 1200;

    private readonly DigitClassifier _classifier;

    /// <summary>Creates a reader with the model that comes with the library.</summary>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DigitReader(ReaderOptions? options = null)
        : this(ShippedModel.Mlp, options)
    {
    }

    /// <summary>Creates a reader with a model of one's own.</summary>
    /// <param name="model">A network for 28×28 digits as MNIST has them: 784 pixels in, 10 classes out.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="ArgumentException">The model has another shape, or an option is out of its range.</exception>
    public DigitReader(Mlp model, ReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new ReaderOptions();
        Options.Validate();
        Model = model;
        _classifier = new DigitClassifier(model);
    }

    /// <summary>The network that is asked.</summary>
    public Mlp Model { get; }

    /// <summary>How pictures are read.</summary>
    public ReaderOptions Options { get; }

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">PNG, JPEG, or what <see cref="ReaderOptions.Decoders"/> reads beside; the content decides, not the name.</param>
    /// <param name="single">The picture holds one digit, and all its ink belongs to it.</param>
    /// <param name="cancellationToken">Ends the reading early; it is looked at between rows and steps, every few milliseconds.</param>
    /// <exception cref="DigitException">The file cannot be read; one line that begins with the path.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public ReadingResult Read(string path, bool single = false, CancellationToken cancellationToken = default) =>
        Read(ReadingTrace.Do("decode", () => ImageFile.Load(path, Decoding(cancellationToken))), single, cancellationToken);

    /// <summary>Reads a picture from a file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="single">The picture holds one digit, and all its ink belongs to it.</param>
    /// <param name="name">What messages call the picture; null when it has no name.</param>
    /// <param name="cancellationToken">Ends the reading early; it is looked at between rows and steps, every few milliseconds.</param>
    /// <exception cref="DigitException">The bytes are no picture that can be read.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public ReadingResult Read(ReadOnlyMemory<byte> file, bool single = false, string? name = null, CancellationToken cancellationToken = default) =>
        Read(ReadingTrace.Do("decode", () => ImageFile.Decode(file, Decoding(cancellationToken), name)), single, cancellationToken);

    /// <summary>Reads a picture from a stream, from its position to its end.</summary>
    /// <param name="stream">Read but not closed.</param>
    /// <param name="single">The picture holds one digit, and all its ink belongs to it.</param>
    /// <param name="name">What messages call the picture; null when it has no name.</param>
    /// <param name="cancellationToken">Ends the reading early; it is looked at between rows and steps, every few milliseconds.</param>
    /// <exception cref="DigitException">The stream holds no picture that can be read.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public ReadingResult Read(Stream stream, bool single = false, string? name = null, CancellationToken cancellationToken = default) =>
        Read(ReadingTrace.Do("decode", () => ImageFile.Decode(stream, Decoding(cancellationToken), name)), single, cancellationToken);

    /// <summary>Reads a picture.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="single">The picture holds one digit, and all its ink belongs to it.</param>
    /// <param name="cancellationToken">Ends the reading early; it is looked at between rows and steps, every few milliseconds.</param>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public ReadingResult Read(GreyImage picture, bool single = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Read(picture, picture.Width, picture.Height, single, cancellationToken);
    }

    private DecodeOptions Decoding(CancellationToken cancellationToken) =>
        new() { Decoders = Options.Decoders, Limits = Options.Limits, TargetSide = WorkingSide, CancellationToken = cancellationToken };

    private ReadingResult Read(DecodedImage decoded, bool single, CancellationToken cancellationToken) =>
        Read(decoded.Image, decoded.FullWidth, decoded.FullHeight, single, cancellationToken);

    private ReadingResult Read(GreyImage picture, int fullWidth, int fullHeight, bool single, CancellationToken cancellationToken)
    {
        var upright = new PictureReading(_classifier, Options, picture, fullWidth, fullHeight, cancellationToken);
        var result = upright.Read(single);
        return single ? result : TurnedPages.Best(picture, result, upright.Evidence, upright.PieceCount, Options.Wanted, (turned, wanted) =>
        {
            var (width, height) = turned.Width == picture.Width ? (fullWidth, fullHeight) : (fullHeight, fullWidth);
            var reading = new PictureReading(_classifier, Options with { Wanted = wanted }, turned, width, height, cancellationToken);
            return (reading.Read(single: false), reading.Evidence);
        });
    }
}

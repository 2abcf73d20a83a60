using System.Globalization;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Reading;

/// <summary>
/// Says which class a whole picture is of, for models of other things than digits, or of digits whose pictures were scaled whole: the picture is
/// brought to the model's size as those were that it learnt from.
/// </summary>
/// <remarks>Safe to use from many threads at once.</remarks>
public sealed class PictureClassifier
{
    /// <summary>The entry of a model's metadata that holds its pictures' size.</summary>
    private const string SizeEntry = "imageSize";

    private readonly Mlp _model;
    private readonly ImageFolderOptions _options;

    /// <summary>Takes a model.</summary>
    /// <param name="model">Its size and frame are those of its metadata; without them its pictures are square and scaled whole.</param>
    /// <param name="decoders">What reads files; null for PNG and JPEG.</param>
    /// <exception cref="DigitException">The model takes a table's rows, or values of which no picture is made.</exception>
    public PictureClassifier(Mlp model, IReadOnlyList<IImageDecoder>? decoders = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.FeatureNormalization is not null)
        {
            throw new DigitException($"The model takes rows of {model.InputCount} features, not pictures. Give it a CSV file.");
        }

        var (width, height) = SizeOf(model);
        _model = width * height == model.InputCount ? model : throw new DigitException($"The model takes {model.InputCount} values, which is no picture whose size is known.");
        _options = new ImageFolderOptions
        {
            Width = width,
            Height = height,
            Frame = FrameOf(model.Metadata.GetValueOrDefault(Mlp.FrameEntry), width, height),
            Decoders = decoders ?? ImageFile.BuiltInDecoders,
        };
    }

    /// <summary>Whether a model's pictures are classified whole rather than searched for digits by a <see cref="DigitReader"/>.</summary>
    /// <param name="model">The model.</param>
    public static bool IsFor(Mlp model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.ClassNames.Count > 0
            || model.ClassCount != 10
            || model.InputCount != ReaderFrame.Side * ReaderFrame.Side
            || (model.Metadata.TryGetValue(Mlp.FrameEntry, out var frame) && PictureFrame.IsFit(frame, out _));
    }

    /// <summary>Classifies a picture.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Probabilities of all classes; <see cref="Mlp.NameOf"/> says what they are called.</returns>
    /// <exception cref="DigitException">The file cannot be read, or is no picture; one line.</exception>
    public Prediction Classify(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Classify(BoundedFile.Read(path, _options.Limits.MaximumFileBytes, "a picture"), path);
    }

    /// <summary>Classifies a picture.</summary>
    /// <param name="file">All of its file.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>Probabilities of all classes; <see cref="Mlp.NameOf"/> says what they are called.</returns>
    /// <exception cref="DigitException">The bytes are no picture; one line.</exception>
    public Prediction Classify(byte[] file, string name = "picture")
    {
        ArgumentNullException.ThrowIfNull(file);
        var set = PictureSet.Read([name], _ => file, _options, null, CancellationToken.None);
        return set.Unread is [var unread, ..] ? throw new DigitException($"{unread.File}: {unread.Reason}") : _model.Predict(set.Pixels);
    }

    /// <summary>The frame of a name; null for none.</summary>
    /// <exception cref="DigitException">The reader's frame is of another size.</exception>
    internal static PictureFrame? FrameOf(string? name, int width, int height) => name switch
    {
        null => null,
        PictureFrame.ReaderName when width == ReaderFrame.Side && height == ReaderFrame.Side => new ReaderFrame(),
        PictureFrame.ReaderName => throw new DigitException($"--frame reader brings pictures to {ReaderFrame.Side}x{ReaderFrame.Side}; for {width}x{height} take --frame fit."),
        _ when PictureFrame.IsFit(name, out var isInverted) => PictureFrame.Fit(width, height, isInverted),
        _ => null,
    };

    /// <summary>The size of a model's pictures.</summary>
    internal static (int Width, int Height) SizeOf(Mlp? model)
    {
        if (model is null)
        {
            return (ReaderFrame.Side, ReaderFrame.Side);
        }

        if (model.Metadata.TryGetValue(SizeEntry, out var size) && TryParseSize(size, out var width, out var height) && width * height == model.InputCount)
        {
            return (width, height);
        }

        var side = (int)Math.Sqrt(model.InputCount);
        return side >= 1 && side * side == model.InputCount ? (side, side) : (ReaderFrame.Side, ReaderFrame.Side);
    }

    /// <summary>Reads a size such as <c>32x24</c>.</summary>
    internal static bool TryParseSize(string text, out int width, out int height)
    {
        const int Largest = 1024;
        height = 0;
        var parts = text.Split('x');
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out width)
            && parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out height)
            && width is >= 1 and <= Largest && height is >= 1 and <= Largest;
    }
}

namespace DigitML.Imaging;

/// <summary>How a picture file is decoded.</summary>
public sealed record DecodeOptions
{
    /// <summary>Full size, default limits, built-in decoders.</summary>
    public static DecodeOptions Default { get; } = new();

    /// <summary>What the file may cost.</summary>
    /// <value><see cref="ImageLimits.Default"/>.</value>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>
    /// The longer side that the caller will scale down to anyway. A decoder that can save time by it
    /// (JPEG) gives the picture at ½, ¼ or ⅛, area-averaged, with the longer side still at least this; others ignore it.
    /// </summary>
    /// <value>0, which asks for full size. At least 0.</value>
    public int TargetSide { get; init; }

    /// <summary>The decoders to choose from; the first that recognises the content reads it.</summary>
    /// <value><see cref="ImageFile.BuiltInDecoders"/>.</value>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = ImageFile.BuiltInDecoders;
}

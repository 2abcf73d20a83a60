using ImageMagick;

namespace DigitML.Imaging.Magick;

/// <summary>Decoders for what people upload beside PNG and JPEG, by ImageMagick (Magick.NET-Q8).</summary>
/// <example><code>new DigitReader(new ReaderOptions { Decoders = MagickDecoders.All })</code></example>
public static class MagickDecoders
{
    /// <summary>
    /// The library's own decoders for PNG and JPEG, and ImageMagick's for CMYK JPEG, WebP, GIF (first frame), TIFF (first
    /// page), HEIC, AVIF, BMP and PNM. Of 16 bits a sample the upper 8 are read; where a TIFF in strips, PGM or PPM uses the
    /// lower ones alone, those; a TIFF in tiles, planes or with alpha that does is refused. What a file is its first bytes decide; nothing else is read, whatever ImageMagick can do.
    /// </summary>
    public static IReadOnlyList<IImageDecoder> All { get; } =
    [
        ImageFile.BuiltInDecoders[0],
        new MagickImageDecoder("JPEG", MagickFormat.Jpeg, PictureSignature.IsCmykJpeg),
        .. ImageFile.BuiltInDecoders.Skip(1),
        new MagickImageDecoder("WebP", MagickFormat.WebP, PictureSignature.IsWebP),
        new MagickImageDecoder("GIF", MagickFormat.Gif, PictureSignature.IsGif),
        new MagickImageDecoder("TIFF", MagickFormat.Tiff, PictureSignature.IsTiff) { FindWide = WideTiff.Find },
        new MagickImageDecoder("HEIC", MagickFormat.Heic, PictureSignature.IsHeic) { IsUpright = true },
        new MagickImageDecoder("AVIF", MagickFormat.Avif, PictureSignature.IsAvif) { IsUpright = true },
        new MagickImageDecoder("BMP", MagickFormat.Bmp, PictureSignature.IsBmp),
        new MagickImageDecoder("PNM", MagickFormat.Pnm, PictureSignature.IsPnm) { FindWide = WidePnm.Find },
    ];
}

namespace DigitML.Imaging;

/// <summary>Names what a file is when no decoder reads it, and says what to do.</summary>
internal static class UnreadFormats
{
    /// <summary>What reads the formats that the library alone does not.</summary>
    public const string Remedy = "Add the package DigitML.Imaging.Magick and read with its MagickDecoders.All, or save it as JPEG or PNG.";

    private const int TextSample = 512;

    /// <summary>What a file is and what to do, fit for "but this is …".</summary>
    /// <param name="file">At least one byte.</param>
    public static string Describe(ReadOnlySpan<byte> file) =>
        InPackage(file) is { } format ? $"{format} picture, which the library alone does not read. {Remedy}" : $"{Other(file)}. Save it as JPEG or PNG.";

    private static string? InPackage(ReadOnlySpan<byte> file)
    {
        if (PictureSignature.IsGif(file))
        {
            return "a GIF";
        }

        if (PictureSignature.IsWebP(file))
        {
            return "a WebP";
        }

        if (PictureSignature.IsTiff(file))
        {
            return "a TIFF";
        }

        if (PictureSignature.IsAvif(file))
        {
            return "an AVIF";
        }

        if (PictureSignature.IsHeic(file))
        {
            return "a HEIC";
        }

        if (PictureSignature.IsBmp(file))
        {
            return "a BMP";
        }

        return PictureSignature.IsPnm(file) ? "a PNM" : null;
    }

    private static string Other(ReadOnlySpan<byte> file)
    {
        if (PictureSignature.IsIsoMedia(file))
        {
            return "a film, which is not read";
        }

        if (file.StartsWith("%PDF"u8))
        {
            return "a PDF document, which is not read";
        }

        if (PictureSignature.At(file, 4, "jP  "u8) || file.StartsWith<byte>([0xFF, 0x4F, 0xFF, 0x51]))
        {
            return "a JPEG 2000 picture, which is not read";
        }

        if (PictureSignature.At(file, 4, "JXL "u8) || file.StartsWith<byte>([0xFF, 0x0A]))
        {
            return "a JPEG XL picture, which is not read";
        }

        if (file.StartsWith("8BPS"u8))
        {
            return "a Photoshop picture, which is not read";
        }

        if (file.StartsWith<byte>([0, 0, 1, 0]) || file.StartsWith<byte>([0, 0, 2, 0]))
        {
            return "an icon, which is not read";
        }

        if (file.StartsWith("PK\u0003\u0004"u8))
        {
            return "a ZIP archive, which is not read";
        }

        return IsText(file) ? DescribeText(file) : $"nothing that is known (it starts with the bytes {Convert.ToHexString(file[..Math.Min(8, file.Length)])})";
    }

    private static string DescribeText(ReadOnlySpan<byte> file)
    {
        var sample = file[..Math.Min(TextSample, file.Length)];
        return sample.IndexOf("<svg"u8) >= 0 ? "an SVG drawing, which is not read" : "text";
    }

    private static bool IsText(ReadOnlySpan<byte> file)
    {
        foreach (var value in file[..Math.Min(TextSample, file.Length)])
        {
            if (value < 32 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return false;
            }
        }

        return true;
    }
}

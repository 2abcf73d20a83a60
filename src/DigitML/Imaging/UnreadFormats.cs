namespace DigitML.Imaging;

/// <summary>Names what a file is when no decoder reads it, so that the message can.</summary>
internal static class UnreadFormats
{
    private const int TextSample = 512;

    /// <summary>A name with its article, fit for "but this is …".</summary>
    /// <param name="file">At least one byte.</param>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("GIF8"u8))
        {
            return "a GIF picture, which is not read";
        }

        if (file.StartsWith("RIFF"u8) && At(file, 8, "WEBP"u8))
        {
            return "a WebP picture, which is not read";
        }

        if (At(file, 4, "ftyp"u8))
        {
            return DescribeIsoMedia(file);
        }

        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8))
        {
            return "a TIFF picture, which is not read";
        }

        if (file.StartsWith("%PDF"u8))
        {
            return "a PDF document, which is not read";
        }

        if (At(file, 4, "jP  "u8) || file.StartsWith<byte>([0xFF, 0x4F, 0xFF, 0x51]))
        {
            return "a JPEG 2000 picture, which is not read";
        }

        if (At(file, 4, "JXL "u8) || file.StartsWith<byte>([0xFF, 0x0A]))
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

    private static string DescribeIsoMedia(ReadOnlySpan<byte> file)
    {
        if (At(file, 8, "avif"u8) || At(file, 8, "avis"u8))
        {
            return "an AVIF picture, which is not read";
        }

        return At(file, 8, "hei"u8) || At(file, 8, "hev"u8) || At(file, 8, "mif1"u8) || At(file, 8, "msf1"u8)
            ? "a HEIC picture, which is not read"
            : "a film, which is not read";
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

    private static bool At(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> name) =>
        file.Length >= offset && file[offset..].StartsWith(name);
}

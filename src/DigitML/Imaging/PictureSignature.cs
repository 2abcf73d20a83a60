using System.Buffers.Binary;

namespace DigitML.Imaging;

/// <summary>What a file is, by its first bytes.</summary>
internal static class PictureSignature
{
    /// <summary>RIFF with WebP's form type.</summary>
    public static bool IsWebP(ReadOnlySpan<byte> file) => file.StartsWith("RIFF"u8) && At(file, 8, "WEBP"u8);

    /// <summary>GIF87a and GIF89a.</summary>
    public static bool IsGif(ReadOnlySpan<byte> file) => file.StartsWith("GIF8"u8);

    /// <summary>TIFF 6.0 and BigTIFF, of either byte order.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8);

    /// <summary>ISO base media: HEIC, AVIF and films begin so.</summary>
    public static bool IsIsoMedia(ReadOnlySpan<byte> file) => At(file, 4, "ftyp"u8);

    /// <summary>HEIF with an HEVC picture, or with no word of what it holds.</summary>
    public static bool IsHeic(ReadOnlySpan<byte> file) =>
        IsIsoMedia(file) && !IsAvif(file) && (At(file, 8, "hei"u8) || At(file, 8, "hev"u8) || At(file, 8, "mif1"u8) || At(file, 8, "msf1"u8));

    /// <summary>HEIF with an AV1 picture, by its major brand or one of the compatible ones.</summary>
    public static bool IsAvif(ReadOnlySpan<byte> file)
    {
        if (!IsIsoMedia(file))
        {
            return false;
        }

        var brands = file[..(int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file), Math.Min(file.Length, 256))];
        for (var at = 8; at + 4 <= brands.Length; at += 4)
        {
            // Between the major brand and the compatible ones stands a version.
            if (at != 12 && (At(brands, at, "avif"u8) || At(brands, at, "avis"u8)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Windows and OS/2 bitmaps: BM, and a header of a size that there is.</summary>
    public static bool IsBmp(ReadOnlySpan<byte> file) =>
        file.Length >= 18 && file.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124;

    /// <summary>PBM, PGM and PPM, plain and raw, and PAM.</summary>
    public static bool IsPnm(ReadOnlySpan<byte> file) =>
        file.Length >= 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'7' && file[2] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#';

    /// <summary>A JPEG of four components: CMYK or YCCK.</summary>
    public static bool IsCmykJpeg(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return false;
        }

        for (var at = 2; at + 10 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return file[at + 9] == 4;
            }

            if (marker == 0xDA)
            {
                return false;
            }

            // Fill bytes, and markers that stand alone.
            at += marker == 0xFF ? 1 : marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return false;
    }

    /// <summary>Whether a name stands at a place.</summary>
    public static bool At(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> name) => file.Length >= offset && file[offset..].StartsWith(name);
}

using System.Buffers.Binary;

namespace DigitML.Imaging;

/// <summary>Reads the one field of EXIF that changes a picture. EXIF that cannot be read says nothing: it is no reason to refuse the picture.</summary>
internal static class Exif
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int EntryBytes = 12;

    /// <summary>The orientation, 1 to 8; 1 when the data are empty, damaged or silent about it.</summary>
    /// <param name="tiff">A TIFF structure, from its byte order on.</param>
    public static int ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return Orientation.Upright;
        }

        bool littleEndian;
        if (tiff.StartsWith("II*\0"u8))
        {
            littleEndian = true;
        }
        else if (tiff.StartsWith("MM\0*"u8))
        {
            littleEndian = false;
        }
        else
        {
            return Orientation.Upright;
        }

        var directory = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return Orientation.Upright;
        }

        var rest = tiff[(int)directory..];
        var entries = Read16(rest, littleEndian);
        rest = rest[2..];
        for (var i = 0; i < entries && rest.Length >= EntryBytes; i++, rest = rest[EntryBytes..])
        {
            if (Read16(rest, littleEndian) == OrientationTag && Read16(rest[2..], littleEndian) == ShortType)
            {
                var value = Read16(rest[8..], littleEndian);
                return value is >= 1 and <= 8 ? value : Orientation.Upright;
            }
        }

        return Orientation.Upright;
    }

    private static int Read16(ReadOnlySpan<byte> data, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);
}

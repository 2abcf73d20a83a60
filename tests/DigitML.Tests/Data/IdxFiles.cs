using System.Buffers.Binary;
using System.IO.Compression;

namespace DigitML.Tests.Data;

/// <summary>IDX files made by hand, right and wrong, without the writer under test.</summary>
internal static class IdxFiles
{
    public static byte[] Make(byte type, uint[] sizes, byte[] elements)
    {
        var bytes = new byte[4 + 4 * sizes.Length + elements.Length];
        bytes[2] = type;
        bytes[3] = (byte)sizes.Length;
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + 4 * i), sizes[i]);
        }

        elements.CopyTo(bytes, 4 + 4 * sizes.Length);
        return bytes;
    }

    public static byte[] Images(int count, int height, int width, int seed)
    {
        var pixels = new byte[count * height * width];
        new Random(seed).NextBytes(pixels);
        return Make(8, [(uint)count, (uint)height, (uint)width], pixels);
    }

    public static byte[] Labels(params byte[] labels) => Make(8, [(uint)labels.Length], labels);

    public static byte[] Gzip(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace DigitML.Imaging.Magick.Tests;

/// <summary>Writes pictures of 16 bits a sample, byte by byte.</summary>
internal static class WidePictures
{
    /// <summary>TIFF 6.0 of two strips.</summary>
    /// <param name="samples">[height, width, channels].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="isLittle">The byte order.</param>
    /// <param name="isPacked">By deflate.</param>
    /// <param name="predictor">2 for differences along a row.</param>
    /// <param name="photometric">0 white is zero, 1 black is, 2 RGB.</param>
    public static byte[] Tiff(ushort[] samples, int width, int channels, bool isLittle, bool isPacked, int predictor, int photometric)
    {
        var (perRow, height) = (width * channels, samples.Length / (width * channels));
        var rowsPerStrip = (height + 1) / 2;
        List<byte> file = [.. isLittle ? "II"u8 : "MM"u8, .. Two(42), .. Four(0)];
        var strips = new List<(int At, int Length)>();
        for (var top = 0; top < height; top += rowsPerStrip)
        {
            byte[] strip = [.. Enumerable.Range(top * perRow, Math.Min(rowsPerStrip, height - top) * perRow).SelectMany(i => Two(predictor == 2 && i % perRow >= channels ? samples[i] - samples[i - channels] : samples[i]))];
            strip = isPacked ? Packed(strip) : strip;
            strips.Add((file.Count, strip.Length));
            file.AddRange(strip);
        }

        var tables = file.Count;
        foreach (var number in strips.Select(strip => strip.At).Concat(strips.Select(strip => strip.Length)))
        {
            file.AddRange(Four(number));
        }

        file.AddRange(Enumerable.Repeat(Two(16), channels).SelectMany(bits => bits));
        if (file.Count % 2 == 1)
        {
            file.Add(0);
        }

        var directory = Four(file.Count);
        for (var i = 0; i < 4; i++)
        {
            file[4 + i] = directory[i];
        }

        byte[][] entries =
        [
            Entry(256, width), Entry(257, height), channels == 1 ? Entry(258, 16) : [.. Two(258), .. Two(3), .. Four(channels), .. Four(tables + (8 * strips.Count))], Entry(259, isPacked ? 8 : 1), Entry(262, photometric),
            [.. Two(273), .. Two(4), .. Four(strips.Count), .. Four(tables)], Entry(277, channels), Entry(278, rowsPerStrip), [.. Two(279), .. Two(4), .. Four(strips.Count), .. Four(tables + (4 * strips.Count))], Entry(317, predictor),
        ];
        return [.. file, .. Two(entries.Length), .. entries.SelectMany(entry => entry), .. Four(0)];

        byte[] Entry(int tag, int value) => [.. Two(tag), .. Two(3), .. Four(1), .. Two(value), 0, 0];

        byte[] Two(int value) => isLittle ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];

        byte[] Four(int value) => isLittle ? [.. Two(value), .. Two(value >> 16)] : [.. Two(value >> 16), .. Two(value)];
    }

    /// <summary>PGM or PPM.</summary>
    public static byte[] Pnm(ushort[] samples, int width, int channels, bool isText, int maximum)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"P{(channels == 1 ? 2 : 3) + (isText ? 0 : 3)}\n# made\n{width} {samples.Length / (width * channels)}\n{maximum}\n");
        return [.. Encoding.ASCII.GetBytes(header), .. isText ? Encoding.ASCII.GetBytes(string.Join(' ', samples)) : samples.SelectMany(sample => new[] { (byte)(sample >> 8), (byte)sample })];
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest))
        {
            zlib.Write(bytes);
        }

        return stream.ToArray();
    }
}

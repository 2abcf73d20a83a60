using System.Buffers.Binary;

namespace DigitML.Imaging.Magick;

/// <summary>Samples of 16 bits in PGM and PPM, binary or in digits, whose header says a maximum above 255 (netpbm's pgm(5) and ppm(5)).</summary>
internal static class WidePnm
{
    /// <inheritdoc cref="WideSamples.Finder"/>
    public static WideSamples? Find(ReadOnlySpan<byte> file, Func<byte[], byte[]?> read)
    {
        var at = 2;
        var channels = file[1] is (byte)'2' or (byte)'5' ? 1 : file[1] is (byte)'3' or (byte)'6' ? 3 : 0;
        if (channels == 0 || Number(file, ref at) is not { } width || Number(file, ref at) is not { } height || Number(file, ref at) is not > 255)
        {
            return null;
        }

        var count = (long)width * height * channels;
        if (count == 0 || count > file.Length - at)
        {
            return null;
        }

        var samples = new ushort[count];
        if (file[1] <= (byte)'3')
        {
            for (var i = 0; i < samples.Length; i++)
            {
                if (Number(file, ref at) is not { } sample)
                {
                    return null;
                }

                samples[i] = (ushort)sample;
            }

            return new WideSamples(samples, channels);
        }

        // One blank ends the header.
        var raster = file[(at + 1)..];
        if (raster.Length < 2 * count)
        {
            return null;
        }

        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadUInt16BigEndian(raster[(2 * i)..]);
        }

        return new WideSamples(samples, channels);
    }

    /// <summary>The next number behind blanks and comments, 0 to 65,535; null when there is none.</summary>
    private static int? Number(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && file[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#')
        {
            if (file[at++] == (byte)'#')
            {
                var end = file[at..].IndexOf((byte)'\n');
                at = end < 0 ? file.Length : at + end;
            }
        }

        var (start, number) = (at, 0);
        while (at < file.Length && file[at] is >= (byte)'0' and <= (byte)'9' && number <= ushort.MaxValue)
        {
            number = (number * 10) + file[at++] - '0';
        }

        return at > start && number <= ushort.MaxValue ? number : null;
    }
}

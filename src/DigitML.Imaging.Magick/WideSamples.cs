namespace DigitML.Imaging.Magick;

/// <summary>
/// Samples of 16 bits as they lie in a file. ImageMagick's build for 8 bits keeps the upper half of each, so that arrays of bytes and
/// scans of 10 to 14 bits that were saved as 16 without being scaled come out black.
/// </summary>
/// <param name="Samples">[height, width, channels].</param>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
internal sealed record WideSamples(ushort[] Samples, int Channels)
{
    /// <summary>The largest byte that is left of samples of 14 bits, rounded.</summary>
    private const byte Darkest = 64;

    /// <summary>Finds the samples in a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="read">Reads a file of one byte a pixel and gives its pixels; null when it cannot be read.</param>
    /// <returns>Null when the file has none, or lays them out in a way that is not known here.</returns>
    public delegate WideSamples? Finder(ReadOnlySpan<byte> file, Func<byte[], byte[]?> read);

    /// <summary>Whether a picture, cut to bytes, may be one whose samples use a part of their bits.</summary>
    public static bool MayHide(ReadOnlySpan<byte> grey) => !grey.ContainsAnyExceptInRange((byte)0, Darkest);

    /// <summary>The grey of a picture whose samples use fewer than their 16 bits; null when they use all.</summary>
    public byte[]? ToGrey()
    {
        var range = new SampleRange(0);
        foreach (var sample in Samples)
        {
            range.Add(sample);
        }

        if (range.Narrower is not { } scale)
        {
            return null;
        }

        var grey = new byte[Samples.Length / Channels];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = Channels == 1
                ? scale.ToByte(Samples[i])
                : (byte)Luma.FromRgb(scale.ToByte(Samples[3 * i]), scale.ToByte(Samples[(3 * i) + 1]), scale.ToByte(Samples[(3 * i) + 2]));
        }

        return grey;
    }
}

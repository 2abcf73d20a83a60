namespace DigitML.Imaging;

/// <summary>How well the best threshold parts the values of a channel in two (Otsu 1979).</summary>
/// <param name="Gap">The distance between the means of the two classes, 0 to 255.</param>
/// <param name="Deviation">The standard deviation between the classes: the gap, weighed by how many pixels lie on either side.</param>
/// <param name="Explained">The share of all variance that lies between the classes, 0 to 1: above 0.9 for ink on a flat ground, about 0.65 for noise.</param>
/// <param name="MinorityShare">The share of pixels in the smaller class, 0 to 0.5.</param>
/// <param name="Threshold">The lowest value of the upper class.</param>
/// <param name="IsMinorityUpper">Whether the smaller class is the upper one.</param>
internal readonly record struct Separation(double Gap, double Deviation, double Explained, double MinorityShare, int Threshold, bool IsMinorityUpper)
{
    private const int Levels = 256;

    /// <summary>Whether a value lies in the smaller class.</summary>
    public bool IsMinority(byte value) => value >= Threshold == IsMinorityUpper;

    /// <summary>Measures values.</summary>
    /// <param name="values">At least one.</param>
    public static Separation Of(ReadOnlySpan<byte> values) => Of(values, 1);

    /// <summary>Measures every so many of the values.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="stride">From one that is taken to the next; at least 1.</param>
    public static Separation Of(ReadOnlySpan<byte> values, int stride)
    {
        Span<int> counts = stackalloc int[Levels];
        counts.Clear();
        for (var i = 0; i < values.Length; i += stride)
        {
            counts[values[i]]++;
        }

        double total = 0, sum = 0, squares = 0;
        for (var level = 0; level < Levels; level++)
        {
            total += counts[level];
            sum += counts[level] * (double)level;
            squares += counts[level] * (double)level * level;
        }

        double below = 0, sumBelow = 0, best = 0;
        var found = default(Separation);
        for (var level = 0; level < Levels - 1; level++)
        {
            below += counts[level];
            sumBelow += counts[level] * (double)level;
            if (counts[level] == 0 || below == total)
            {
                continue;
            }

            var gap = ((sum - sumBelow) / (total - below)) - (sumBelow / below);
            var between = below * (total - below) / (total * total) * gap * gap;
            if (between > best)
            {
                best = between;
                found = new Separation(gap, Math.Sqrt(between), 0, Math.Min(below, total - below) / total, level + 1, below > total - below);
            }
        }

        var variance = (squares / total) - (sum / total * (sum / total));
        return variance > 0 ? found with { Explained = Math.Min(1, best / variance) } : found;
    }
}

using DigitML.Pixels;

namespace DigitML.Numerics;

/// <summary>
/// Noise for a layer's normalised sums (Rasmus et al. 2015, whose encoders are corrupted so). It follows from a key and the unit's place alone, so
/// every sharing of the work among threads has the same.
/// </summary>
internal static unsafe class GaussianNoise
{
    /// <summary>Draws the noise of some panels: nearly normal, never beyond 3.5 deviations, by sums and products alone, so that every machine has the same bits.</summary>
    /// <param name="noise">[batch rows, units]; overwritten.</param>
    /// <param name="deviation">Its deviation.</param>
    /// <param name="key">Of the step and the layer.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="panels">First panel and one past the last.</param>
    public static void Fill(in PanelMatrix noise, float deviation, ulong key, int count, (int Start, int End) panels)
    {
        // Four uniform numbers of 16 bits summed (Irwin and Hall): their variance is 4/12.
        var scale = deviation * 1.7320508f / (1 << 16);
        const float Mean = 2f * ((1 << 16) - 1);
        for (var panel = panels.Start; panel < panels.End; panel++)
        {
            var first = (nint)panel * noise.Rows * Panels.Width;
            for (var place = first; place < first + ((nint)count * Panels.Width); place++)
            {
                var bits = SeededRandom.Mix(key + ((ulong)place * 0x9E3779B97F4A7C15UL));
                noise.Pointer[place] = (SeededRandom.SumOfFour(bits) - Mean) * scale;
            }
        }
    }
}

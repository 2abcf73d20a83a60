using System.Numerics;

namespace DigitML.Synthesis;

/// <summary>Thins ink to lines one pixel wide (Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", 1984).</summary>
internal static class Thinning
{
    /// <summary>For each neighbourhood the phases in which a pixel may go, as bits.</summary>
    private static readonly byte[] s_phases = [.. Enumerable.Range(0, 256).Select(around => (byte)((MayGo(around, 0) ? 1 : 0) | (MayGo(around, 1) ? 2 : 0)))];

    /// <summary>Thins a mask in place; its border must be ground.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="mask">[height, width].</param>
    public static void Thin(int width, bool[] mask)
    {
        var removed = new List<int>();
        ReadOnlySpan<int> around = [-width, -width + 1, 1, width + 1, width, width - 1, -1, -width - 1];
        var inside = new List<int>();
        for (var i = width + 1; i < mask.Length - width - 1; i++)
        {
            if (mask[i])
            {
                inside.Add(i);
            }
        }

        bool hasChanged;
        do
        {
            hasChanged = false;
            for (var phase = 0; phase < 2; phase++)
            {
                removed.Clear();
                foreach (var i in inside)
                {
                    if (mask[i] && (s_phases[Around(mask, i, around)] >> phase & 1) != 0)
                    {
                        removed.Add(i);
                    }
                }

                foreach (var i in removed)
                {
                    mask[i] = false;
                }

                hasChanged |= removed.Count > 0;
                inside.RemoveAll(i => !mask[i]);
            }
        }
        while (hasChanged);
    }

    /// <summary>A pixel's neighbours as bits, clockwise from the one above: P2 to P9 of the paper.</summary>
    private static int Around(bool[] mask, int i, ReadOnlySpan<int> around)
    {
        var bits = 0;
        for (var k = 0; k < around.Length; k++)
        {
            bits |= mask[i + around[k]] ? 1 << k : 0;
        }

        return bits;
    }

    /// <summary>Whether a pixel with such neighbours may go.</summary>
    private static bool MayGo(int around, int phase)
    {
        var count = BitOperations.PopCount((uint)around);

        // From ground to ink on the way round.
        var transitions = BitOperations.PopCount((uint)(~around & ((around >> 1) | (around << 7)) & 0xFF));
        if (count is < 2 or > 6 || transitions != 1)
        {
            return false;
        }

        bool up = (around & 1) != 0, right = (around & 4) != 0, down = (around & 16) != 0, left = (around & 64) != 0;
        return phase == 0 ? !(up && right && down) && !(right && down && left) : !(up && right && left) && !(up && down && left);
    }
}

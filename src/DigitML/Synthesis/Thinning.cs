namespace DigitML.Synthesis;

/// <summary>Thins ink to lines one pixel wide (Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", 1984).</summary>
internal static class Thinning
{
    /// <summary>Thins a mask in place; its border must be ground.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="mask">[height, width].</param>
    public static void Thin(int width, bool[] mask)
    {
        var removed = new List<int>();
        Span<int> around = [-width, -width + 1, 1, width + 1, width, width - 1, -1, -width - 1];
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
                    if (mask[i] && MayGo(mask, i, around, phase))
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

    /// <summary>Neighbours are taken clockwise from the one above: P2 to P9 of the paper.</summary>
    private static bool MayGo(bool[] mask, int i, ReadOnlySpan<int> around, int phase)
    {
        int count = 0, transitions = 0;
        for (var k = 0; k < 8; k++)
        {
            var here = mask[i + around[k]];
            count += here ? 1 : 0;
            transitions += !here && mask[i + around[(k + 1) & 7]] ? 1 : 0;
        }

        if (count is < 2 or > 6 || transitions != 1)
        {
            return false;
        }

        bool up = mask[i + around[0]], right = mask[i + around[2]], down = mask[i + around[4]], left = mask[i + around[6]];
        return phase == 0 ? !(up && right && down) && !(right && down && left) : !(up && right && left) && !(up && down && left);
    }
}

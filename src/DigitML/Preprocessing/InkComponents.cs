using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>The connected pieces of a mask.</summary>
internal sealed class InkComponents
{
    private InkComponents(int width, int[] labels, IReadOnlyList<InkComponent> components)
    {
        Width = width;
        Labels = labels;
        All = components;
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>[height, width]: 0 for ground, else the component's number.</summary>
    public int[] Labels { get; }

    /// <summary>In the order of their first pixels, top to bottom; number n stands at n − 1.</summary>
    public IReadOnlyList<InkComponent> All { get; }

    /// <summary>Finds the pieces by runs: each row's runs are joined to the runs above that they touch.</summary>
    /// <param name="mask">[height, width].</param>
    /// <param name="ink">The same size.</param>
    public static InkComponents Find(bool[] mask, Plane ink) => Find(mask, ink.Width, ink.Height, ink.Values);

    /// <summary>Finds the pieces of a mask whose every pixel counts as full ink.</summary>
    /// <param name="mask">[height, width].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    public static InkComponents Find(bool[] mask, int width, int height) => Find(mask, width, height, default);

    private static InkComponents Find(bool[] mask, int width, int height, ReadOnlySpan<float> ink)
    {
        var labels = new int[mask.Length];
        var parents = new List<int> { 0 };
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                if (!mask[i])
                {
                    continue;
                }

                var label = x > 0 ? labels[i - 1] : 0;
                for (var nx = Math.Max(0, x - 1); y > 0 && nx <= Math.Min(width - 1, x + 1); nx++)
                {
                    var above = labels[i - width - x + nx];
                    label = above == 0 || above == label ? label : label == 0 ? above : Join(parents, label, above);
                }

                if (label == 0)
                {
                    label = parents.Count;
                    parents.Add(label);
                }

                labels[i] = label;
            }
        }

        return new InkComponents(width, labels, Measure(labels, parents, width, ink));
    }

    private static int Join(List<int> parents, int a, int b)
    {
        a = Root(parents, a);
        b = Root(parents, b);
        var root = Math.Min(a, b);
        parents[a] = root;
        parents[b] = root;
        return root;
    }

    private static int Root(List<int> parents, int label)
    {
        while (parents[label] != label)
        {
            parents[label] = parents[parents[label]];
            label = parents[label];
        }

        return label;
    }

    /// <summary>Gives roots consecutive numbers, writes them over the provisional ones and measures each piece.</summary>
    private static List<InkComponent> Measure(int[] labels, List<int> parents, int width, ReadOnlySpan<float> ink)
    {
        var numbers = new int[parents.Count];
        var count = 0;
        for (var label = 1; label < parents.Count; label++)
        {
            // A root is lower than all that hang from it, so it has its number already.
            var root = Root(parents, label);
            numbers[label] = root == label ? ++count : numbers[root];
        }

        var left = new int[count + 1];
        var top = new int[count + 1];
        var right = new int[count + 1];
        var bottom = new int[count + 1];
        var areas = new int[count + 1];
        var masses = new double[count + 1];
        left.AsSpan().Fill(int.MaxValue);
        top.AsSpan().Fill(int.MaxValue);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == 0)
            {
                continue;
            }

            var n = numbers[labels[i]];
            labels[i] = n;
            var (y, x) = Math.DivRem(i, width);
            left[n] = Math.Min(left[n], x);
            right[n] = Math.Max(right[n], x);
            top[n] = Math.Min(top[n], y);
            bottom[n] = y;
            areas[n]++;
            masses[n] += ink.IsEmpty ? 1 : ink[i];
        }

        var components = new List<InkComponent>(count);
        for (var n = 1; n <= count; n++)
        {
            components.Add(new InkComponent
            {
                Label = n,
                Box = new PixelBox(left[n], top[n], right[n] - left[n] + 1, bottom[n] - top[n] + 1),
                Area = areas[n],
                Mass = masses[n],
            });
        }

        return components;
    }
}

/// <summary>One connected piece of ink (eight neighbours).</summary>
internal sealed class InkComponent
{
    /// <summary>Its number in the label map, from 1.</summary>
    public required int Label { get; init; }

    /// <summary>The tight box around it.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>Its pixels.</summary>
    public required int Area { get; init; }

    /// <summary>The sum of its ink, 0 to 1 a pixel.</summary>
    public required double Mass { get; init; }
}

/// <summary>Questions about masks.</summary>
internal static class Masks
{
    /// <summary>Whether a pixel or one of its eight neighbours is in the mask.</summary>
    public static bool HasBeside(bool[] mask, int width, int height, int x, int y)
    {
        for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
        {
            for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
            {
                if (mask[(ny * width) + nx])
                {
                    return true;
                }
            }
        }

        return false;
    }
}

using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>The ink of a picture at one threshold.</summary>
internal sealed class InkMap
{
    private const double LeastShare = 0.01;

    private InkComponents? _components;

    /// <summary>What the ink was taken from.</summary>
    public required DarknessMap Source { get; init; }

    /// <summary>Ink with soft edges: 0 the ground, 1 full ink; 0 outside the mask and its seam.</summary>
    public required Plane Ink { get; init; }

    /// <summary>Which pixels are ink: [height, width].</summary>
    public required bool[] Mask { get; init; }

    /// <summary>How dark full ink is, 0 to 1.</summary>
    public required float Level { get; init; }

    /// <summary>The darkness that parts ink from ground.</summary>
    public required float Threshold { get; init; }

    /// <summary>The boxes of the lines that were taken out of it.</summary>
    public IReadOnlyList<PixelBox> Lines { get; init; } = [];

    /// <summary>The connected pieces of the mask; found when first asked for.</summary>
    public InkComponents Components => _components ??= InkComponents.Find(Mask, Ink);

    /// <summary>
    /// The pieces that are large enough to be part of a digit: half as tall or broad as the smallest digit that is looked for,
    /// a fiftieth of the picture. Without any the picture is blank.
    /// </summary>
    public IEnumerable<InkComponent> Visible
    {
        get
        {
            var least = Math.Max(2, LeastShare * Math.Max(Width, Height));
            return Components.All.Where(component => Math.Max(component.Box.Width, component.Box.Height) >= least);
        }
    }

    public int Width => Ink.Width;

    public int Height => Ink.Height;

    /// <summary>
    /// How well the ink's outline agrees with edges in the picture, 0 to 1. Taken in the wrong polarity, a picture's "ink" is
    /// what lies between strokes and fades out where no edge is.
    /// </summary>
    public float EdgeSupport()
    {
        const int Reach = 2;
        var picture = Source.Upright;
        double support = 0;
        var count = 0;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var i = (y * Width) + x;
                if (!Mask[i] || !IsOutline(x, y, i))
                {
                    continue;
                }

                float least = 1, most = 0;
                for (var ny = Math.Max(0, y - Reach); ny <= Math.Min(Height - 1, y + Reach); ny++)
                {
                    foreach (var value in picture.Row(ny)[Math.Max(0, x - Reach)..Math.Min(Width, x + Reach + 1)])
                    {
                        least = Math.Min(least, value);
                        most = Math.Max(most, value);
                    }
                }

                support += Math.Min(1f, (most - least) / (Level * Source.Ground.Values[i]));
                count++;
            }
        }

        return count == 0 ? 0f : (float)(support / count);
    }

    /// <summary>The share of the mask's pixels that lie at its outline, 0 to 1: high for grain, low for broad strokes.</summary>
    public double OutlineShare()
    {
        int area = 0, outline = 0;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var i = (y * Width) + x;
                if (Mask[i])
                {
                    area++;
                    outline += IsOutline(x, y, i) ? 1 : 0;
                }
            }
        }

        return area == 0 ? 0 : outline / (double)area;
    }

    private bool IsOutline(int x, int y, int i) =>
        (x > 0 && !Mask[i - 1]) || (x < Width - 1 && !Mask[i + 1]) || (y > 0 && !Mask[i - Width]) || (y < Height - 1 && !Mask[i + Width]);
}

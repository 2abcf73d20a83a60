using System.Numerics.Tensors;
using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Measures how broad a digit's strokes are and brings them near MNIST's when they are far off: one-pixel lines on hundreds
/// of pixels would fade to grey when shrunk, and fat brushes fill loops.
/// </summary>
internal static class StrokeWidth
{
    /// <summary>Below this width, in pixels of the 20×20 box, strokes are broadened to it.</summary>
    private const float Thinnest = 1.9f;

    /// <summary>Above this width strokes are thinned to it.</summary>
    private const float Broadest = 4.6f;

    /// <summary>How far around a place its ink's strength is looked for, as a share of the longer side: farther than strokes are broad.</summary>
    private const float LocalShare = 0.15f;

    /// <summary>Strokes fainter than this share of the darkest are not held to be ink by their surroundings alone.</summary>
    private const float FaintestShare = 0.3f;

    private const int LeastSide = 80;

    private const int MostSide = 320;

    private const int BoxSide = 20;

    /// <summary>
    /// The mean width of strokes in pixels: twice the ink over the length of its edge, the latter from the ink's total variation,
    /// so that soft edges count as sharp ones do.
    /// </summary>
    public static float Measure(Plane ink)
    {
        double mass = 0, edge = 0;
        for (var y = -1; y < ink.Height; y++)
        {
            for (var x = -1; x < ink.Width; x++)
            {
                var here = At(ink, x, y);
                var right = At(ink, x + 1, y);
                var below = At(ink, x, y + 1);
                var diagonal = At(ink, x + 1, y + 1);
                mass += here;

                // Roberts' cross: the gradient between four pixels.
                var a = here - diagonal;
                var b = right - below;
                edge += Math.Sqrt(((a * a) + (b * b)) / 2);
            }
        }

        return edge == 0 ? 0 : (float)(2 * mass / edge);
    }

    /// <summary>Broadens or thins the strokes of one digit when they are far from MNIST's; otherwise gives the ink back as it is.</summary>
    /// <param name="ink">A digit's tight box, 0 to 1.</param>
    public static Plane Normalize(Plane ink)
    {
        var side = Math.Max(ink.Width, ink.Height);
        var width = Measure(ink) * BoxSide / side;
        if (width is 0 or (>= Thinnest and <= Broadest))
        {
            return ink;
        }

        var target = Math.Clamp(width, Thinnest, Broadest);
        return Offset(Workable(ink), (target - width) / 2 / BoxSide);
    }

    /// <summary>A size at which distances are fine enough and quick to find; shrinking takes the greatest value so that thin lines stay whole.</summary>
    private static Plane Workable(Plane ink)
    {
        var side = Math.Max(ink.Width, ink.Height);
        if (side < LeastSide)
        {
            var factor = (LeastSide + side - 1) / side;
            return Resampling.Cubic(ink, ink.Width * factor, ink.Height * factor);
        }

        var pool = (side + MostSide - 1) / MostSide;
        if (pool == 1)
        {
            return ink;
        }

        var small = new Plane((ink.Width + pool - 1) / pool, (ink.Height + pool - 1) / pool);
        for (var y = 0; y < ink.Height; y++)
        {
            for (var x = 0; x < ink.Width; x++)
            {
                ref var target = ref small.Values[(y / pool * small.Width) + (x / pool)];
                target = Math.Max(target, ink[x, y]);
            }
        }

        return small;
    }

    /// <summary>Moves the outline outwards by a share of the longer side (inwards when negative), with an edge one pixel soft.</summary>
    private static Plane Offset(Plane ink, float share)
    {
        var by = share * Math.Max(ink.Width, ink.Height);
        var margin = (int)Math.Ceiling(Math.Max(0, by)) + 1;
        var padded = ink.Crop(new PixelBox(-margin, -margin, ink.Width + (2 * margin), ink.Height + (2 * margin)));

        // Ink is what has half the strength of the ink around it: half of the picture's darkest would lose strokes that ran dry.
        var most = padded.Values.Max();
        var around = Filters.Maximum(padded, Math.Max(2, (int)(LocalShare * Math.Max(ink.Width, ink.Height))));

        // Outwards what is ink stays ink, inwards what is ground stays ground: one distance tells the rest.
        var isOutwards = by >= 0;
        var marked = new bool[padded.Values.Length];
        TensorPrimitives.Max(around.Values, FaintestShare * most, around.Values);
        for (var i = 0; i < marked.Length; i++)
        {
            marked[i] = padded.Values[i] > around.Values[i] / 2 == isOutwards;
        }

        // Beyond a pixel from where the outline comes to lie all is ground, or ink. The outline lies half a pixel from the centres on both sides of it.
        var distance = DistanceTransform.To(padded.Width, padded.Height, marked, most: Math.Abs(by) + 1);
        if (isOutwards)
        {
            TensorPrimitives.Subtract(1f, distance, distance);
        }

        TensorPrimitives.Add(distance, by, distance);
        TensorPrimitives.Clamp(distance, 0f, 1f, distance);
        return new Plane(padded.Width, padded.Height, distance);
    }

    private static float At(Plane ink, int x, int y) => x < 0 || y < 0 || x >= ink.Width || y >= ink.Height ? 0f : ink[x, y];
}

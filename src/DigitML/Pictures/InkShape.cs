using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>
/// The outline of ink, free of any resolution: signed distances on a grid, so that it can be drawn at every size with clean edges.
/// </summary>
internal sealed class InkShape
{
    /// <summary>Wraps distances.</summary>
    /// <param name="distance">To the outline in grid steps: above 0 inside the ink.</param>
    /// <exception cref="ArgumentException">No point lies inside.</exception>
    public InkShape(Plane distance)
    {
        Distance = distance;
        Box = distance.BoxAbove(0) ?? throw new ArgumentException("A shape needs ink; got none.", nameof(distance));
    }

    /// <summary>To the outline in grid steps: above 0 inside the ink.</summary>
    public Plane Distance { get; }

    /// <summary>The tight box around the ink, in grid steps.</summary>
    public PixelBox Box { get; }

    /// <summary>A shape from a mask.</summary>
    /// <param name="width">Grid points a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="mask">[height, width].</param>
    /// <param name="broaden">How far to move the outline outwards, in grid steps.</param>
    public static InkShape From(int width, int height, bool[] mask, float broaden)
    {
        var ground = Array.ConvertAll(mask, value => !value);
        var toInk = DistanceTransform.To(width, height, mask);
        var toGround = DistanceTransform.To(width, height, ground);
        var distance = new Plane(width, height);
        for (var i = 0; i < mask.Length; i++)
        {
            distance.Values[i] = (mask[i] ? toGround[i] - 0.5f : 0.5f - toInk[i]) + broaden;
        }

        return new InkShape(distance);
    }

    /// <summary>Draws the shape so that its tight box has a height; darker ink on the canvas stays.</summary>
    /// <param name="canvas">0 the ground to 1 full ink.</param>
    /// <param name="left">Where the tight box begins, in pixels.</param>
    /// <param name="top">Where the tight box begins, in pixels.</param>
    /// <param name="height">Of the tight box, in pixels.</param>
    /// <param name="strength">The ink of a full stroke, 0 to 1.</param>
    public void Draw(Plane canvas, double left, double top, double height, float strength = 1f)
    {
        var scale = height / Box.Height;
        var width = Box.Width * scale;
        var fromX = Math.Max(0, (int)Math.Floor(left - 1));
        var fromY = Math.Max(0, (int)Math.Floor(top - 1));
        var toX = Math.Min(canvas.Width, (int)Math.Ceiling(left + width + 1));
        var toY = Math.Min(canvas.Height, (int)Math.Ceiling(top + height + 1));
        for (var y = fromY; y < toY; y++)
        {
            for (var x = fromX; x < toX; x++)
            {
                var distance = At(Box.X - 0.5 + ((x + 0.5 - left) / scale), Box.Y - 0.5 + ((y + 0.5 - top) / scale));
                var cover = (float)Math.Clamp((distance * scale) + 0.5, 0, 1) * strength;
                ref var target = ref canvas.Values[(y * canvas.Width) + x];
                target = Math.Max(target, cover);
            }
        }
    }

    private float At(double x, double y)
    {
        x = Math.Clamp(x, 0, Distance.Width - 1.001);
        y = Math.Clamp(y, 0, Distance.Height - 1.001);
        var (column, line) = ((int)x, (int)y);
        var (shareX, shareY) = ((float)(x - column), (float)(y - line));
        var i = (line * Distance.Width) + column;
        var values = Distance.Values;
        var upper = values[i] + (shareX * (values[i + 1] - values[i]));
        var lower = values[i + Distance.Width] + (shareX * (values[i + Distance.Width + 1] - values[i + Distance.Width]));
        return upper + (shareY * (lower - upper));
    }
}

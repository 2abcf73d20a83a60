using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Ink free of any resolution: it can be drawn at every size with clean edges.</summary>
internal abstract class InkShape
{
    /// <summary>Width over height of the tight box around the ink.</summary>
    public abstract float AspectRatio { get; }

    /// <summary>Draws the ink so that its tight box has a height; darker ink on the canvas stays.</summary>
    /// <param name="canvas">0 the ground to 1 full ink.</param>
    /// <param name="left">Where the tight box begins, in pixels.</param>
    /// <param name="top">Where the tight box begins, in pixels.</param>
    /// <param name="height">Of the tight box, in pixels.</param>
    public abstract void Draw(Plane canvas, float left, float top, float height);
}

/// <summary>Ink by the signed distance to its outline on a grid, for what is known as pixels only.</summary>
internal sealed class DistanceShape : InkShape
{
    private readonly Plane _distance;
    private readonly PixelBox _box;

    /// <summary>Wraps distances.</summary>
    /// <param name="distance">To the outline in grid steps: above 0 inside the ink.</param>
    /// <exception cref="ArgumentException">No point lies inside.</exception>
    public DistanceShape(Plane distance)
    {
        _distance = distance;
        _box = distance.BoxAbove(0) ?? throw new ArgumentException("A shape needs ink; got none.", nameof(distance));
    }

    /// <inheritdoc/>
    public override float AspectRatio => (float)_box.Width / _box.Height;

    /// <inheritdoc/>
    public override void Draw(Plane canvas, float left, float top, float height)
    {
        var scale = height / _box.Height;
        var fromX = Math.Clamp((int)MathF.Floor(left - 1), 0, canvas.Width);
        var fromY = Math.Max(0, (int)MathF.Floor(top - 1));
        var toX = Math.Clamp((int)MathF.Ceiling(left + (_box.Width * scale) + 1), fromX, canvas.Width);
        var toY = Math.Min(canvas.Height, (int)MathF.Ceiling(top + height + 1));
        for (var y = fromY; y < toY; y++)
        {
            var row = canvas.Row(y);
            var gridY = _box.Y - 0.5f + ((y + 0.5f - top) / scale);
            for (var x = fromX; x < toX; x++)
            {
                var distance = Bilinear.Repeated(_distance, _box.X - 0.5f + ((x + 0.5f - left) / scale), gridY);
                row[x] = Math.Max(row[x], Math.Clamp((distance * scale) + 0.5f, 0f, 1f));
            }
        }
    }
}

using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Smooth noise over the unit square: random values at the corners of cells, blended between them. −0.5 to 0.5.</summary>
internal sealed class NoiseField
{
    private readonly float[] _corners;
    private readonly int _columns;
    private readonly int _rows;

    public NoiseField(SeededRandom random, int columns, int rows)
    {
        (_columns, _rows) = (columns, rows);
        _corners = new float[(columns + 1) * (rows + 1)];
        for (var i = 0; i < _corners.Length; i++)
        {
            _corners[i] = random.NextSingle() - 0.5f;
        }
    }

    /// <summary>The value at a place, both coordinates 0 to 1.</summary>
    public float At(float x, float y)
    {
        x = Math.Clamp(x, 0f, 1f) * _columns;
        y = Math.Clamp(y, 0f, 1f) * _rows;
        var column = Math.Min((int)x, _columns - 1);
        var row = Math.Min((int)y, _rows - 1);
        return Bilinear.Blend(_corners, (row * (_columns + 1)) + column, _columns + 1, Ease(x - column), Ease(y - row));
    }

    /// <summary>A row of a square grid over the unit square: what <see cref="At"/> gives at x / side and y / side.</summary>
    /// <param name="y">The row, 0 to the side − 1.</param>
    /// <param name="from">The first place that is wanted.</param>
    /// <param name="to">The first that is not wanted any more.</param>
    /// <param name="target">As long as the side; the rest of it is left alone.</param>
    public void Row(int y, int from, int to, Span<float> target)
    {
        var side = target.Length;
        var down = y / (float)side * _rows;
        var row = Math.Min((int)down, _rows - 1);
        var share = Ease(down - row);
        for (var x = from; x < to; x++)
        {
            var across = x / (float)side * _columns;
            var column = Math.Min((int)across, _columns - 1);
            target[x] = Bilinear.Blend(_corners, (row * (_columns + 1)) + column, _columns + 1, Ease(across - column), share);
        }
    }

    private static float Ease(float t) => t * t * (3f - (2f * t));
}

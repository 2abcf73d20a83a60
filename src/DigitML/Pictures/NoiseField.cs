namespace DigitML.Pictures;

/// <summary>Smooth chance over the unit square: random values at the corners of cells, blended between them. −0.5 to 0.5.</summary>
internal sealed class NoiseField
{
    private readonly float[] _corners;
    private readonly int _columns;
    private readonly int _rows;

    public NoiseField(Random random, int columns, int rows)
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
        var (shareX, shareY) = (Ease(x - column), Ease(y - row));
        var i = (row * (_columns + 1)) + column;
        var upper = _corners[i] + (shareX * (_corners[i + 1] - _corners[i]));
        var lower = _corners[i + _columns + 1] + (shareX * (_corners[i + _columns + 2] - _corners[i + _columns + 1]));
        return upper + (shareY * (lower - upper));
    }

    private static float Ease(float t) => t * t * (3f - (2f * t));
}

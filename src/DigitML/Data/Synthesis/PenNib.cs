namespace DigitML.Data.Synthesis;

/// <summary>
/// The pen's shape as a metric: a pixel at (dx, dy) from the pen's way is inked when
/// <c>Xx·dx² + 2·Xy·dx·dy + Yy·dy²</c> is at most the square of half the pen's width. A round pen has 1, 0, 1.
/// </summary>
/// <param name="Xx">Greater than 0.</param>
/// <param name="Xy">Smaller in size than the root of the product of the other two.</param>
/// <param name="Yy">Greater than 0.</param>
internal readonly record struct PenNib(float Xx, float Xy, float Yy)
{
    /// <summary>A ball-point.</summary>
    public static PenNib Round { get; } = new(1, 0, 1);
}

namespace DigitML.Data.Synthesis;

/// <summary>A place of the pen.</summary>
/// <param name="X">To the right, in units of the digit's height.</param>
/// <param name="Y">Downwards, in the same units.</param>
/// <param name="Pressure">Width of the trace here, as a factor of the pen's.</param>
internal readonly record struct PenPoint(float X, float Y, float Pressure);

/// <summary>A digit as it was written: straight pieces, short enough to look round, stroke after stroke.</summary>
/// <param name="Label">The digit, 0 to 9.</param>
/// <param name="Strokes">The pen's way while it was down.</param>
/// <param name="PenWidth">Width of the trace, in units of the digit's height.</param>
/// <param name="Nib">The pen's shape.</param>
internal sealed record WrittenDigit(int Label, PenPoint[][] Strokes, float PenWidth, PenNib Nib);

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

namespace DigitML.Data.Synthesis;

/// <summary>A digit as it was written: straight pieces, short enough to look round, stroke after stroke.</summary>
/// <param name="Label">The digit, 0 to 9.</param>
/// <param name="Strokes">The pen's way while it was down.</param>
/// <param name="PenWidth">Width of the trace, in units of the digit's height.</param>
/// <param name="Nib">The pen's shape.</param>
internal sealed record WrittenDigit(int Label, PenPoint[][] Strokes, float PenWidth, PenNib Nib);

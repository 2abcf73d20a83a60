namespace DigitML.Charts.Drawing;

/// <summary>An upright dashed line through the whole panel, named at its top.</summary>
internal sealed record Rule(double X, string Text) : Mark;

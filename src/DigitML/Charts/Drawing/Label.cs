namespace DigitML.Charts.Drawing;

/// <summary>A line of text, centred on its point.</summary>
internal sealed record Label(double X, double Y, string Text, string Color, int Size = 12, bool IsBold = false) : Mark;

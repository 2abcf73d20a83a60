namespace DigitML.Charts.Drawing;

/// <summary>Something drawn in a panel, in the panel's own coordinates.</summary>
internal abstract record Mark;

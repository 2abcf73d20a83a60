namespace DigitML.Charts.Drawing;

/// <summary>The shape of a point; series differ in it as well as in colour. Plotly's names in lower case.</summary>
internal enum Symbol
{
    Circle,
    Diamond,
    Square,
}

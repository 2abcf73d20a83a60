namespace DigitML.Charts.Drawing;

/// <summary>An upright dashed line through the whole panel, named at its top.</summary>
internal sealed record Rule(double X, string Text) : Mark
{
    /// <summary>Which way the text runs, so that it stays above its panel: its start, middle or end is at the line.</summary>
    public string AnchorOn(Axis axis) => axis.Share(X) switch
    {
        > 0.85 => "end",
        < 0.15 => "start",
        _ => "middle",
    };
}

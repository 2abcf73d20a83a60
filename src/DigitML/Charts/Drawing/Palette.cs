namespace DigitML.Charts.Drawing;

/// <summary>
/// Colours that people with any common form of colour blindness tell apart (Okabe and Ito, "Color Universal Design",
/// 2008), and scales that also hold in grey.
/// </summary>
internal static class Palette
{
    public const string Blue = "#0072b2";
    public const string Vermilion = "#d55e00";
    public const string Green = "#009e73";
    public const string Ink = "#1f2933";
    public const string Muted = "#5f6b76";
    public const string Grid = "#e3e7eb";
    public const string Faint = "#cbd2d9";
    public const string Paper = "#ffffff";

    /// <summary>Where <see cref="Strength"/> begins on the sequential scale.</summary>
    private const double FaintestStrength = 0.28;

    /// <summary>From white over the palette's blue to a dark one, for shares.</summary>
    private static readonly (double At, byte R, byte G, byte B)[] SequentialStops =
        [(0, 255, 255, 255), (0.5, 107, 174, 214), (1, 8, 48, 107)];

    /// <summary>From blue over white to orange, for numbers below and above 0.</summary>
    private static readonly (double At, byte R, byte G, byte B)[] DivergingStops =
        [(0, 5, 80, 150), (0.5, 255, 255, 255), (1, 190, 80, 0)];

    /// <summary>The sequential scale's stops as Plotly writes a colour scale.</summary>
    public static IEnumerable<(double At, string Color)> SequentialScale => SequentialStops.Select(stop => (stop.At, Hex((stop.R, stop.G, stop.B))));

    /// <summary>The colour of a share, 0 to 1.</summary>
    public static (byte R, byte G, byte B) Sequential(double share) => Between(SequentialStops, share);

    /// <summary>The colour of a share for lines and points, which the scale's white end would hide: from a pale blue to a dark one, in eleven steps.</summary>
    public static string Strength(double share) => Hex(Sequential(FaintestStrength + ((1 - FaintestStrength) * Math.Round(10 * Math.Clamp(share, 0, 1)) / 10)));

    /// <summary>The colour of a number from −1 (blue) over 0 (white) to 1 (orange).</summary>
    public static (byte R, byte G, byte B) Diverging(double value) => Between(DivergingStops, (value + 1) / 2);

    public static string Hex((byte R, byte G, byte B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";

    /// <summary>Ink or paper, whichever is easier to read on a colour.</summary>
    public static string TextOn((byte R, byte G, byte B) color) =>
        (0.299 * color.R) + (0.587 * color.G) + (0.114 * color.B) < 140 ? Paper : Ink;

    private static (byte R, byte G, byte B) Between((double At, byte R, byte G, byte B)[] stops, double at)
    {
        at = Math.Clamp(at, 0, 1);
        var upper = 1;
        while (upper < stops.Length - 1 && at > stops[upper].At)
        {
            upper++;
        }

        var (from, to) = (stops[upper - 1], stops[upper]);
        var share = (at - from.At) / (to.At - from.At);
        return (Mix(from.R, to.R), Mix(from.G, to.G), Mix(from.B, to.B));

        byte Mix(byte a, byte b) => (byte)Math.Round(a + share * (b - a));
    }
}

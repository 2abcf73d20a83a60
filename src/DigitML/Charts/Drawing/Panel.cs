namespace DigitML.Charts.Drawing;

/// <summary>A rectangle with two axes, in pixels from the figure's top left.</summary>
internal sealed record Panel(double Left, double Top, double Width, double Height, Axis X, Axis Y, IReadOnlyList<Mark> Marks)
{
    public string? Title { get; init; }

    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double PixelX(double x) => Left + X.Share(x) * Width;

    public double PixelY(double y) => Bottom - Y.Share(y) * Height;
}

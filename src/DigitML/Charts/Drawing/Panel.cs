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

/// <summary>One axis of a panel.</summary>
/// <param name="Title">What is measured, with its unit; null for an axis that needs no words.</param>
/// <param name="Start">The value at the left or the bottom.</param>
/// <param name="End">The value at the right or the top; below <paramref name="Start"/> when the axis runs the other way.</param>
internal sealed record Axis(string? Title, double Start, double End)
{
    public IReadOnlyList<Tick> Ticks { get; init; } = [];

    public bool HasGrid { get; init; }

    /// <summary>0 at <see cref="Start"/> to 1 at <see cref="End"/>.</summary>
    public double Share(double value) => (value - Start) / (End - Start);

    /// <summary>An axis that only places things.</summary>
    public static Axis Hidden(double start, double end) => new(null, start, end);
}

/// <summary>A place on an axis and what is written there.</summary>
internal readonly record struct Tick(double Value, string Text);

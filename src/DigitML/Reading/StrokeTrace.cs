using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>What a pen leaves: one pen writes a line, and what is printed on the paper is often finer and fainter.</summary>
/// <param name="Width">The strokes' mean width, in pixels; greater than 0.</param>
/// <param name="Darkness">How dark the ink is on average, greater than 0 to 1.</param>
internal readonly record struct StrokeTrace(double Width, double Darkness)
{
    private const double Least = 0.01;

    /// <summary>Measures a piece of ink.</summary>
    public static StrokeTrace Of(Plane ink)
    {
        double sum = 0, squares = 0;
        foreach (var value in ink.Values)
        {
            sum += value;
            squares += (double)value * value;
        }

        return new StrokeTrace(Math.Max(Least, StrokeWidth.Measure(ink)), sum > 0 ? Math.Max(Least, squares / sum) : Least);
    }

    /// <summary>The medians of several, each weighted by its ink.</summary>
    public static StrokeTrace Usual(IEnumerable<(double Mass, StrokeTrace Trace)> pieces)
    {
        var all = pieces.ToArray();
        return new StrokeTrace(Median(all, trace => trace.Width), Median(all, trace => trace.Darkness));
    }

    private static double Median((double Mass, StrokeTrace Trace)[] pieces, Func<StrokeTrace, double> value)
    {
        var half = pieces.Sum(piece => piece.Mass) / 2;
        var seen = 0.0;
        foreach (var (mass, trace) in pieces.OrderBy(piece => value(piece.Trace)))
        {
            seen += mass;
            if (seen >= half)
            {
                return value(trace);
            }
        }

        return 1;
    }
}

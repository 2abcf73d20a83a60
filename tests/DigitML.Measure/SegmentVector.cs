using DigitML.Reading;

namespace DigitML.Measure;

/// <summary><see cref="SegmentWeights"/> as one row of numbers, as gradient ascent wants them: what features count by themselves, then unit by unit weights, bias, and what it counts.</summary>
internal sealed class SegmentVector(double[] values)
{
    public const int Units = 16;

    private const int UnitSize = SegmentScore.Count + 2;

    public const int Count = SegmentScore.Count + (Units * UnitSize);

    private static int UnitAt(int unit) => SegmentScore.Count + (unit * UnitSize);

    public SegmentWeights ToWeights() => new(
        SegmentScore.Names,
        [.. values[..SegmentScore.Count].Select(Rounded)],
        [.. Enumerable.Range(0, Units).Select(unit => new SegmentUnit([.. values[UnitAt(unit)..(UnitAt(unit) + SegmentScore.Count)].Select(Rounded)], Rounded(values[UnitAt(unit + 1) - 2]), Rounded(values[UnitAt(unit + 1) - 1])))]);

    /// <summary>The score of a segment, and what each unit says of it.</summary>
    public double Score(ReadOnlySpan<double> features, Span<double> units)
    {
        var score = SegmentWeights.Dot(values, features);
        for (var unit = 0; unit < Units; unit++)
        {
            var at = UnitAt(unit);
            var sum = values[at + SegmentScore.Count];
            for (var i = 0; i < features.Length; i++)
            {
                sum += values[at + i] * features[i];
            }

            units[unit] = Math.Tanh(sum);
            score += values[at + SegmentScore.Count + 1] * units[unit];
        }

        return score;
    }

    /// <summary>Adds how the score grows with each number, so many times.</summary>
    public void AddGradient(ReadOnlySpan<double> features, double share, double[] gradient)
    {
        Span<double> units = stackalloc double[Units];
        Score(features, units);
        Add(gradient, 0, features, share);
        for (var unit = 0; unit < Units; unit++)
        {
            var at = UnitAt(unit);
            var slope = share * values[at + SegmentScore.Count + 1] * (1 - (units[unit] * units[unit]));
            Add(gradient, at, features, slope);
            gradient[at + SegmentScore.Count] += slope;
            gradient[at + SegmentScore.Count + 1] += share * units[unit];
        }
    }

    private static void Add(double[] gradient, int at, ReadOnlySpan<double> features, double times)
    {
        for (var i = 0; i < features.Length; i++)
        {
            gradient[at + i] += times * features[i];
        }
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}

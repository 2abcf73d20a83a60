using DigitML.Reading;

namespace DigitML.Measure;

/// <summary>
/// A line's lattice as a semi-Markov conditional random field whose segments are not known, only the text: every path through the lattice, with
/// any digit on its segments, has a score; a text's probability is the share of those paths that spell it.
/// </summary>
internal sealed class SegmentField
{
    private const int Digits = 10;

    private readonly Run[] _runs;
    private readonly int _parts;
    private readonly int[] _text;

    public SegmentField(LineLattice lattice, string text)
    {
        _runs = [.. lattice.Runs];
        _parts = lattice.PartCount;
        _text = [.. text.Select(digit => digit - '0')];
        CanRead = double.IsFinite(Gradient([.. SegmentScore.Weights]).Likelihood);
    }

    /// <summary>Whether some path spells the text.</summary>
    public bool CanRead { get; }

    /// <summary>The logarithm of the text's probability, and how it grows with each weight.</summary>
    public (double Likelihood, double[] Gradient) Gradient(double[] weights)
    {
        var scores = new double[_runs.Length, Digits];
        var skips = new double[_runs.Length];
        for (var r = 0; r < _runs.Length; r++)
        {
            for (var digit = 0; digit < Digits; digit++)
            {
                scores[r, digit] = SegmentScore.OfDigit(weights, _runs[r].Digit, _runs[r].Answer, digit);
            }

            skips[r] = _runs[r].Skip is { } skip ? SegmentScore.OfSkip(weights, skip) : double.NegativeInfinity;
        }

        var gradient = new double[weights.Length];
        var free = Walk(scores, skips, null, gradient, -1);
        var bound = Walk(scores, skips, _text, gradient, 1);
        return (bound - free, gradient);
    }

    /// <summary>The logarithm of the sum over paths, by the forward pass; the backward pass adds what each feature is expected to be.</summary>
    private double Walk(double[,] scores, double[] skips, int[]? text, double[] gradient, double sign)
    {
        var width = (text?.Length ?? 0) + 1;
        var forward = Filled((_parts + 1) * width);
        var backward = Filled((_parts + 1) * width);
        forward[0] = 0;
        backward[^1] = 0;
        for (var r = 0; r < _runs.Length; r++)
        {
            for (var place = 0; place < width; place++)
            {
                var from = forward[(_runs[r].From * width) + place];
                var to = (_runs[r].To * width) + place;
                forward[to] = Add(forward[to], from + skips[r]);
                if (text is null)
                {
                    for (var digit = 0; digit < Digits; digit++)
                    {
                        forward[to] = Add(forward[to], from + scores[r, digit]);
                    }
                }
                else if (place < text.Length)
                {
                    forward[to + 1] = Add(forward[to + 1], from + scores[r, text[place]]);
                }
            }
        }

        var total = forward[^1];
        if (double.IsNegativeInfinity(total))
        {
            return total;
        }

        Span<double> features = stackalloc double[SegmentScore.Count];
        for (var r = _runs.Length - 1; r >= 0; r--)
        {
            for (var place = 0; place < width; place++)
            {
                var from = (_runs[r].From * width) + place;
                var to = (_runs[r].To * width) + place;
                if (_runs[r].Skip is { } skip)
                {
                    Expect(skip, forward[from] + skips[r] + backward[to]);
                    backward[from] = Add(backward[from], backward[to] + skips[r]);
                }

                for (var digit = text is null ? 0 : place < text.Length ? text[place] : Digits; digit < Digits; digit = text is null ? digit + 1 : Digits)
                {
                    var end = text is null ? to : to + 1;
                    _runs[r].Digit.CopyTo(features);
                    SegmentScore.AddDigit(features, _runs[r].Digit, _runs[r].Answer, digit);
                    Expect(features, forward[from] + scores[r, digit] + backward[end]);
                    backward[from] = Add(backward[from], backward[end] + scores[r, digit]);
                }
            }
        }

        return total;

        void Expect(ReadOnlySpan<double> of, double score)
        {
            var share = sign * Math.Exp(score - total);
            for (var k = 0; k < of.Length && share != 0; k++)
            {
                gradient[k] += share * of[k];
            }
        }
    }

    private static double[] Filled(int count)
    {
        var values = new double[count];
        values.AsSpan().Fill(double.NegativeInfinity);
        return values;
    }

    private static double Add(double a, double b)
    {
        var (most, least) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(least) ? most : most + Math.Log(1 + Math.Exp(least - most));
    }
}

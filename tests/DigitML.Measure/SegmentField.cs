using DigitML.Reading;

namespace DigitML.Measure;

/// <summary>
/// A line's lattice as a semi-Markov conditional random field whose segments are not known, only the text: every path through the lattice, with
/// any digit on its segments, has a score; a text's probability is the share of those paths that spell it.
/// </summary>
internal sealed class SegmentField
{
    private const int Digits = 10;

    /// <summary>Where a run's score as no digit stands, after those as digits.</summary>
    private const int Skipped = Digits;

    /// <summary>Segments that are less expected than this teach nothing.</summary>
    private const double LeastShare = 1e-7;

    private readonly Run[] _runs;
    private readonly int _parts;
    private readonly int[] _text;

    public SegmentField(LineLattice lattice, string text)
    {
        _runs = [.. lattice.Runs];
        _parts = lattice.PartCount;
        _text = [.. text.Select(digit => digit - '0')];
        CanRead = IsSpelt((_, _) => true);
        CanAnswer = IsSpelt((run, digit) => run.Answer.Digit == digit);
    }

    /// <summary>Whether some path spells the text.</summary>
    public bool CanRead { get; }

    /// <summary>Whether the network's own answers spell the text on some path: what no weights can mend where they do not.</summary>
    public bool CanAnswer { get; }

    /// <summary>The logarithm of the text's probability, and how it grows with each number of the weights.</summary>
    public (double Likelihood, double[] Gradient) Gradient(SegmentVector weights)
    {
        var scores = new double[_runs.Length, Digits + 1];
        Span<double> features = stackalloc double[SegmentScore.Count];
        Span<double> units = stackalloc double[SegmentVector.Units];
        for (var r = 0; r < _runs.Length; r++)
        {
            for (var digit = 0; digit < Digits; digit++)
            {
                SetFeatures(features, _runs[r], digit);
                scores[r, digit] = weights.Score(features, units);
            }

            scores[r, Skipped] = _runs[r].Skip is { } skip ? weights.Score(skip, units) : double.NegativeInfinity;
        }

        // How much oftener each segment is on the paths that spell the text than on all.
        var shares = new double[_runs.Length, Digits + 1];
        var free = Walk(scores, null, shares, -1);
        var bound = Walk(scores, _text, shares, 1);
        var gradient = new double[SegmentVector.Count];
        for (var r = 0; r < _runs.Length; r++)
        {
            for (var digit = 0; digit <= Skipped; digit++)
            {
                if (Math.Abs(shares[r, digit]) > LeastShare)
                {
                    SetFeatures(features, _runs[r], digit);
                    weights.AddGradient(features, shares[r, digit], gradient);
                }
            }
        }

        return (bound - free, gradient);
    }

    private static void SetFeatures(Span<double> features, Run run, int digit)
    {
        if (digit == Skipped)
        {
            run.Skip!.CopyTo(features);
            return;
        }

        run.Digit.CopyTo(features);
        SegmentScore.AddDigit(features, run.Digit, run.Answer, run.Line, digit);
    }

    /// <summary>Whether a path spells the text, each of its digits on a run that may be taken for it.</summary>
    private bool IsSpelt(Func<Run, int, bool> mayBe)
    {
        var width = _text.Length + 1;
        var reached = new bool[(_parts + 1) * width];
        reached[0] = true;
        foreach (var run in _runs)
        {
            for (var place = 0; place < width; place++)
            {
                if (reached[(run.From * width) + place])
                {
                    var to = (run.To * width) + place;
                    reached[to] |= run.Skip is not null;
                    if (place < _text.Length && mayBe(run, _text[place]))
                    {
                        reached[to + 1] = true;
                    }
                }
            }
        }

        return reached[^1];
    }

    /// <summary>The logarithm of the sum over paths, by the forward pass; the backward pass adds how often each segment is expected.</summary>
    private double Walk(double[,] scores, int[]? text, double[,] shares, double sign)
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
                forward[to] = Add(forward[to], from + scores[r, Skipped]);
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

        for (var r = _runs.Length - 1; r >= 0; r--)
        {
            for (var place = 0; place < width; place++)
            {
                var from = (_runs[r].From * width) + place;
                var to = (_runs[r].To * width) + place;
                Expect(r, Skipped, from, to);
                if (text is null)
                {
                    for (var digit = 0; digit < Digits; digit++)
                    {
                        Expect(r, digit, from, to);
                    }
                }
                else if (place < text.Length)
                {
                    Expect(r, text[place], from, to + 1);
                }
            }
        }

        return total;

        void Expect(int run, int digit, int from, int to)
        {
            var score = scores[run, digit];
            if (!double.IsNegativeInfinity(score))
            {
                shares[run, digit] += sign * Math.Exp(forward[from] + score + backward[to] - total);
                backward[from] = Add(backward[from], backward[to] + score);
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

using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>
/// Reads a line of digits that may touch or fall apart: it is cut into more parts than there are digits, every run of
/// neighbouring parts that could be one is shown to the network, and the best path through all of them is found by dynamic
/// programming (over-segmentation and recognition; Casey and Lecolinet 1996, section 4).
/// </summary>
internal sealed class LineLattice
{
    /// <summary>Parts that one digit may consist of.</summary>
    private const int MostParts = 6;

    /// <summary>No digit is broader than this share of the line's digit height.</summary>
    private const double BroadShare = 1.45;

    /// <summary>Pieces narrower than this share are not cut.</summary>
    private const double CuttableShare = 0.55;

    /// <summary>Pieces this share broad are cut however sure the network is of them.</summary>
    private const double DoubtfulShare = 1.0;

    /// <summary>So sure is the network of most single digits.</summary>
    private const float Sure = 0.97f;

    private const double SkipSmall = -0.6;

    private const double SkipLarge = -2.6;

    private readonly DigitClassifier _classifier;
    private readonly TextLine _line;
    private readonly CancellationToken _cancellationToken;
    private readonly List<InkPiece> _parts = [];

    // What it costs to end a digit before part i: 0 between components, more for a cut through ink.
    private readonly List<double> _cuts = [0];

    public LineLattice(DigitClassifier classifier, TextLine line, CancellationToken cancellationToken = default)
    {
        _classifier = classifier;
        _line = line;
        _cancellationToken = cancellationToken;
        foreach (var piece in line.Pieces)
        {
            AddParts(piece);
        }
    }

    private double Height => _line.DigitHeight;

    /// <summary>The best way to read the line, from left to right.</summary>
    public List<Segment> Read()
    {
        var count = _parts.Count;
        var answers = Ask();
        var scores = new double[count + 1];
        var steps = new (int From, Segment? Segment)[count + 1];
        scores.AsSpan(1).Fill(double.NegativeInfinity);
        for (var from = 0; from < count; from++)
        {
            for (var to = from + 1; to <= Math.Min(count, from + MostParts) && MayJoin(from, to); to++)
            {
                var (segment, score) = Judge(from, to, answers[(from, to)]);
                score += scores[from] + _cuts[to];
                if (score > scores[to])
                {
                    (scores[to], steps[to]) = (score, (from, segment));
                }
            }
        }

        var path = new List<Segment>();
        for (var at = count; at > 0; at = steps[at].From)
        {
            path.Add(steps[at].Segment!);
        }

        path.Reverse();
        return path;
    }

    private void AddParts(InkPiece piece)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var isTall = piece.Box.Height >= 0.5 * Height;
        if (isTall && piece.Box.Width >= CuttableShare * Height && !(piece.Box.Width < DoubtfulShare * Height && _classifier.Classify(DigitFrame.Put(piece.Ink)).Probability >= Sure))
        {
            var (parts, cuts) = CutFinder.Split(piece, Height, Math.Max(1, StrokeWidth.Measure(piece.Ink)));
            for (var i = 0; i < parts.Count; i++)
            {
                _parts.Add(parts[i]);
                _cuts.Add(i < cuts.Count ? -0.4 - (0.5 * cuts[i]) : 0);
            }
        }
        else
        {
            _parts.Add(piece);
            _cuts.Add(0);
        }
    }

    /// <summary>Whether parts could be one digit: close together and not too broad.</summary>
    private bool MayJoin(int from, int to)
    {
        if (to - from == 1)
        {
            return true;
        }

        var box = _parts[from].Box;
        for (var i = from + 1; i < to; i++)
        {
            if (Gap(i) > 0.3 * Height)
            {
                return false;
            }

            box = box.Union(_parts[i].Box);
        }

        return box.Width <= BroadShare * Height;
    }

    /// <summary>Columns between a part and the one before; below 0 when they overlap.</summary>
    private double Gap(int i) => _parts[i].Box.X - _parts[i - 1].Box.Right;

    /// <summary>What the network says of every run of parts that may be one digit.</summary>
    private Dictionary<(int From, int To), (InkPiece Piece, Classified Answer)> Ask()
    {
        var runs = new List<(int From, int To)>();
        for (var from = 0; from < _parts.Count; from++)
        {
            for (var to = from + 1; to <= Math.Min(_parts.Count, from + MostParts) && MayJoin(from, to); to++)
            {
                runs.Add((from, to));
            }
        }

        var pieces = runs.ConvertAll(run => InkPiece.Join(_parts[run.From..run.To]));
        var answers = _classifier.Classify(pieces.ConvertAll(piece =>
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return DigitFrame.Put(piece.Ink);
        }));
        return runs.Select((run, i) => (run, (pieces[i], answers[i]))).ToDictionary(pair => pair.run, pair => pair.Item2);
    }

    private (Segment Segment, double Score) Judge(int from, int to, (InkPiece Piece, Classified Answer) run)
    {
        var (piece, answer) = run;
        var score = answer.Evidence + Shape(piece.Box);
        for (var i = from + 1; i < to; i++)
        {
            // Across a cut joining costs nothing; apart, the more the wider the gap.
            score -= _cuts[i] < 0 ? 0 : 0.3 + (5 * Math.Max(0, Gap(i)) / Height);
        }

        var skip = to - from == 1 ? Skip(piece.Box) : double.NegativeInfinity;
        return score >= skip ? (new Segment(piece, answer, false), score) : (new Segment(piece, answer, true), skip);
    }

    /// <summary>Digits of a line are about as tall as each other and seldom broader than tall.</summary>
    private double Shape(PixelBox box)
    {
        var tall = box.Height / Height;
        var broad = box.Width / Height;
        return (-5 * Math.Max(0, 0.62 - tall)) - (3 * Math.Max(0, broad - 1.1)) - Math.Max(0, tall - 1.4);
    }

    private double Skip(PixelBox box) => box.Height < 0.45 * Height && box.Width < 0.8 * Height ? SkipSmall : SkipLarge;
}

/// <summary>A piece of a line as it was taken.</summary>
/// <param name="Piece">The ink.</param>
/// <param name="Answer">What the network says of it.</param>
/// <param name="IsSkipped">Taken for a separator or other ink that is no digit.</param>
internal sealed record Segment(InkPiece Piece, Classified Answer, bool IsSkipped);

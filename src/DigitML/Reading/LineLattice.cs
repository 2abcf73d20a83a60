using System.Text;
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

    /// <summary>Parts farther apart than this share of the height are not joined.</summary>
    private const double JoinShare = 0.3;

    /// <summary>Pieces narrower than this share are not cut.</summary>
    private const double CuttableShare = 0.55;

    /// <summary>Pieces this share broad are cut however sure the network is of them.</summary>
    private const double DoubtfulShare = 1.0;

    /// <summary>So sure is the network of most single digits.</summary>
    private const float Sure = 0.97f;

    /// <summary>Tall are pieces from this share of the height on; those that were cut off belong to some digit.</summary>
    private const double TallShare = 0.6;

    /// <summary>
    /// A tall piece is passed over where that is so much likelier, as a logarithm: a digit left out is worse than a piece that its verdict refuses. So is what
    /// stands beside a digit that is alone on its page: the bar of a five is part of it.
    /// </summary>
    private const double SkipMargin = 1;

    /// <summary>How much likelier ink is a mark where a pattern has one.</summary>
    private const double LiteralBonus = 3;

    /// <summary>What stands on a line of its own and is so much thinner than the page's strokes, as a logarithm, is a hair.</summary>
    private static readonly double s_thin = Math.Log(3);

    /// <summary>From here on the line's network is likelier right than not.</summary>
    private static readonly double s_likely = Math.Log(0.5);

    private readonly bool _isCutAlways;
    private readonly DigitClassifier _classifier;
    private readonly TextLine _line;
    private readonly LineMiddle _middle;
    private readonly CancellationToken _cancellationToken;
    private readonly List<InkPiece> _parts = [];

    // The cut after each part; null where a component ends.
    private readonly List<Cut?> _cuts = [];

    // Of the component that each part is of.
    private readonly List<StrokeTrace> _traces = [];
    private readonly List<double> _widths = [];

    private readonly StrokeTrace _usual;

    // Whether one piece alone is tall, and whether there is no other line either.
    private readonly bool _isOfOne;
    private readonly bool _isOnly;

    /// <summary>Cuts a line and asks the network about every run.</summary>
    /// <param name="classifier">The network.</param>
    /// <param name="line">The line.</param>
    /// <param name="isOnly">Whether its page has no other line.</param>
    /// <param name="isCutAlways">Whether pieces are cut however sure the network is of them.</param>
    /// <param name="page">What the pen leaves on the whole page, by which lines of few pieces are judged; null for the line alone.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public LineLattice(DigitClassifier classifier, TextLine line, bool isOnly = true, bool isCutAlways = false, StrokeTrace? page = null, CancellationToken cancellationToken = default)
    {
        _isCutAlways = isCutAlways;
        _classifier = classifier;
        _line = line;
        _middle = LineMiddle.Of(line);
        _cancellationToken = cancellationToken;
        _isOnly = isOnly;
        _isOfOne = line.Pieces.Count(IsTall) == 1;
        foreach (var piece in line.Pieces)
        {
            AddParts(piece);
        }

        _usual = page is { } usual && line.IsShort ? usual : StrokeTrace.Usual(_parts.Zip(_traces, (part, trace) => (part.Mass, trace)));
        Answers = LineNetwork.Shipped.Ask(LineStrip.Of(line, _middle));
        Runs = Ask();
    }

    /// <summary>How many parts there are.</summary>
    public int PartCount => _parts.Count;

    /// <summary>What the network that slides along the line says.</summary>
    public LineAnswers Answers { get; }

    /// <summary>Every run of parts that may be one digit or none; by where they begin.</summary>
    public IReadOnlyList<Run> Runs { get; }

    private double Height => _line.DigitHeight;

    private bool IsAlone => _isOnly && _isOfOne;

    private bool IsTall(InkPiece piece) => piece.Box.Height > TallShare * Height;

    /// <summary>The best way to read the line.</summary>
    /// <param name="weights">What the features of segments count.</param>
    /// <param name="pattern">What the text has to look like; null for any number of digits.</param>
    /// <returns>Its segments from left to right; null when no reading has the pattern's form.</returns>
    public LineReading? Read(SegmentWeights weights, DigitPattern? pattern = null)
    {
        var places = pattern ?? DigitPattern.Any;
        var width = places.Length + 1;
        var scores = new double[(PartCount + 1) * width];
        var steps = new (int Before, Segment? Segment)[scores.Length];
        scores.AsSpan(1).Fill(double.NegativeInfinity);
        var open = -1;
        foreach (var run in Runs)
        {
            // Runs come in the order of their first parts, so all that ends before one is known.
            for (; open < run.From; open++)
            {
                PassOver(open + 1);
            }

            var (answer, digit) = Judge(run, weights);
            var skip = run.Skip is { } features ? SegmentScore.OfSkip(weights, features) - (IsTall(run.Piece) || IsAlone ? SkipMargin : 0) : double.NegativeInfinity;
            for (var place = 0; place < width; place++)
            {
                var from = (run.From * width) + place;
                var to = (run.To * width) + place;
                if (places.TakesDigit(place) && !run.IsHair)
                {
                    Take(from, places.Repeats(place) ? to : to + 1, digit, new Segment(run.Piece, answer, false) { IsVouchedFor = run.Line[answer.Digit] > s_likely });
                }

                if (run.Skip is not null)
                {
                    Take(from, to, skip, new Segment(run.Piece, run.Answer, true));
                    if (places.IsLiteral(place))
                    {
                        Take(from, to + 1, Math.Min(0, skip + LiteralBonus), new Segment(run.Piece, run.Answer, true));
                    }
                }
            }
        }

        for (; open < PartCount; open++)
        {
            PassOver(open + 1);
        }

        if (double.IsNegativeInfinity(scores[^1]))
        {
            return null;
        }

        var path = new List<Segment>();
        var text = new StringBuilder();
        for (var at = scores.Length - 1; at > 0; at = steps[at].Before)
        {
            var (before, segment) = steps[at];
            if (segment is not null)
            {
                path.Insert(0, segment);
            }

            if (segment is { IsSkipped: false })
            {
                text.Insert(0, (char)('0' + segment.Answer.Digit));
            }
            else if (at % width > before % width && places.IsLiteral(before % width))
            {
                text.Insert(0, places.LiteralAt(before % width));
            }
        }

        return new LineReading(path, text.ToString()) { Score = scores[^1] };

        // What need not be there may be passed over: marks that nobody wrote, and digits of any number.
        void PassOver(int part)
        {
            for (var place = 0; place < places.Length; place++)
            {
                if (!places.TakesDigit(place) || places.Repeats(place))
                {
                    var at = (part * width) + place;
                    Take(at, at + 1, 0, null);
                }
            }
        }

        void Take(int from, int to, double score, Segment? segment)
        {
            if (scores[from] + score > scores[to])
            {
                (scores[to], steps[to]) = (scores[from] + score, (from, segment));
            }
        }
    }

    /// <summary>A run as the digit that the network says, or as its runner-up or the line's network's where all that is known of its place speaks for that.</summary>
    internal static (Classified Answer, double Score) Judge(Run run, SegmentWeights weights)
    {
        var (best, most) = (run.Answer.Digit, double.NegativeInfinity);
        foreach (var digit in (ReadOnlySpan<int>)[run.Answer.Digit, run.Answer.RunnerUp, Array.IndexOf(run.Line, run.Line.Max())])
        {
            var score = SegmentScore.OfDigit(weights, run.Digit, run.Answer, run.Line, digit);
            if (score > most)
            {
                (best, most) = (digit, score);
            }
        }

        return (run.Answer.As(best), most);
    }

    private void AddParts(InkPiece piece)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var trace = StrokeTrace.Of(piece.Ink);
        var isTall = piece.Box.Height >= 0.5 * Height;
        if (isTall && piece.Box.Width >= CuttableShare * Height && !(!_isCutAlways && piece.Box.Width < DoubtfulShare * Height && _classifier.Classify(DigitFrame.Put(piece.Ink)).Probability >= Sure))
        {
            var (parts, cuts) = CutFinder.Split(piece, Height, Math.Max(1, trace.Width));
            for (var i = 0; i < parts.Count; i++)
            {
                _parts.Add(parts[i]);
                _cuts.Add(i < cuts.Count ? cuts[i] : null);
                _traces.Add(trace);
                _widths.Add(piece.Box.Width);
            }
        }
        else
        {
            _parts.Add(piece);
            _cuts.Add(null);
            _traces.Add(trace);
            _widths.Add(piece.Box.Width);
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
            if (Gap(i) > JoinShare * Height)
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
    private List<Run> Ask()
    {
        var spans = new List<(int From, int To)>();
        for (var from = 0; from < _parts.Count; from++)
        {
            for (var to = from + 1; to <= Math.Min(_parts.Count, from + MostParts) && MayJoin(from, to); to++)
            {
                spans.Add((from, to));
            }
        }

        var pieces = spans.ConvertAll(span => InkPiece.Join(_parts[span.From..span.To]));
        var answers = _classifier.Classify(pieces.ConvertAll(piece =>
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return DigitFrame.Put(piece.Ink);
        }));
        return [.. spans.Select((span, i) => Measure(span.From, span.To, pieces[i], answers[i]))];
    }

    private Run Measure(int from, int to, InkPiece piece, Classified answer)
    {
        var offset = _middle.OffsetOf(piece.Box);
        // Where one run ends and the next begins: in the middle of what parts or joins them.
        var line = Answers.Between(
            from == 0 ? double.NegativeInfinity : (_parts[from - 1].Box.Right + piece.Box.X) / 2.0,
            to == _parts.Count ? double.PositiveInfinity : (piece.Box.Right + _parts[to].Box.X) / 2.0);
        var digit = SegmentScore.MeasureDigit(piece, Height, offset, line.None);
        for (var i = from + 1; i < to; i++)
        {
            if (_cuts[i - 1] is null)
            {
                digit[SegmentScore.Joins]++;
                digit[SegmentScore.JoinGap] += Math.Max(0, Gap(i)) / Height;
                digit[SegmentScore.JoinOverlap] += Math.Max(0, -Gap(i)) / Height;
            }
        }

        for (var i = from; i < to; i++)
        {
            var share = _parts[i].Mass / piece.Mass;
            digit[SegmentScore.Thin] += share * Math.Max(0, Math.Log(_usual.Width / _traces[i].Width));
            digit[SegmentScore.Thick] += share * Math.Max(0, Math.Log(_traces[i].Width / _usual.Width));
            digit[SegmentScore.Faint] += share * Math.Max(0, Math.Log(_usual.Darkness / _traces[i].Darkness));
        }

        AddBounds(digit, from, to);
        var isHair = _isOfOne && !_isOnly && answer.Digit == 1 && digit[SegmentScore.Thin] > s_thin;
        var isWhole = (from == 0 || _cuts[from - 1] is null) && _cuts[to - 1] is null && Enumerable.Range(from, to - from - 1).All(i => _cuts[i] is not null);
        // A mark before or after an amount may touch its digits.
        var isEnd = from == 0 || to == _parts.Count;
        var isTall = IsTall(piece);
        // What stands alone on its page is not passed over: whether it is a digit its verdict tells.
        if ((!isWhole && !isEnd && (to - from > 1 || isTall)) || (IsAlone && isTall))
        {
            return new Run(from, to, piece, answer, line.Digits, digit, null);
        }

        var skip = SegmentScore.MeasureSkip(piece, answer, line, Height, offset, isCut: !isWhole, isEnd, isAlone: _isOfOne && isTall);
        AddBounds(skip, from, to);
        return new Run(from, to, piece, answer, line.Digits, digit, skip) { IsHair = isHair };
    }

    /// <summary>What is measured of the places where a segment begins and ends, and of what it is made.</summary>
    private void AddBounds(double[] features, int from, int to)
    {
        features[SegmentScore.Parts] = (to - from) / (double)MostParts;
        if (from > 0 && _cuts[from - 1] is { } left)
        {
            features[SegmentScore.LeftCut] = 1;
            features[SegmentScore.LeftInk] = left.Ink;
            features[SegmentScore.LeftLoops] = left.Loops;
            features[SegmentScore.LeftWall] = left.Wall;
        }

        if (to == _parts.Count)
        {
            return;
        }

        if (_cuts[to - 1] is not { } cut)
        {
            features[SegmentScore.PartedOverlap] = Math.Max(0, -Gap(to)) / Height;
            return;
        }

        features[SegmentScore.CutMade] = 1;
        features[SegmentScore.CutInk] = cut.Ink;
        features[SegmentScore.CutCrossings] = Math.Max(0, cut.Crossings - 1);
        features[SegmentScore.CutLoops] = cut.Loops;
        features[SegmentScore.CutWall] = cut.Wall;
        features[SegmentScore.CutBend] = cut.Bend;
        features[SegmentScore.CutOfBroad] = Math.Min(2, _widths[to - 1] / Height);
    }
}

/// <summary>A run of neighbouring parts that may be a digit.</summary>
/// <param name="From">Its first part.</param>
/// <param name="To">The part after its last.</param>
/// <param name="Piece">Its ink.</param>
/// <param name="Answer">What the network says of it.</param>
/// <param name="Line">[10] what the line's network says of its place: how likely each digit, as logarithms.</param>
/// <param name="Digit">[<see cref="SegmentScore.Count"/>] what was measured of it as a digit, and of its end.</param>
/// <param name="Skip">The same as no digit, for whole components, low parts of them and whatever stands at either end; null for other runs.</param>
internal sealed record Run(int From, int To, InkPiece Piece, Classified Answer, double[] Line, double[] Digit, double[]? Skip)
{
    /// <summary>Whether it is a stroke by itself, of no pen of its page: not a one.</summary>
    public bool IsHair { get; init; }
}

using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>The reading of one picture: from grey to ink, from ink to digits, from digits to verdicts.</summary>
internal sealed class PictureReading
{
    /// <summary>How much the network's log-probability counts against the priors of the binarisation.</summary>
    private const double NetworkWeight = 3;

    /// <summary>A picture whose likeliest reading has lower log-odds than these may have shadows that its ground does not follow.</summary>
    private const double Plain = -2;

    /// <summary>Log-odds by which what one digit leaves over may count against it before it is doubted: a speck, a threshold that is not the first.</summary>
    private const double LeftOverTolerance = 0.6;

    /// <summary>More pieces than this in lines are grain, grass or print, and reading them all would take seconds.</summary>
    private const int MostPieces = 800;

    /// <summary>A picture of this many pieces or more shows digits when at least this share of them pass for one.</summary>
    private const int FewPieces = 6;

    private const double DigitPictureShare = 0.6;

    /// <summary>Among more refused pieces of ink than this one digit is not looked for: of that many some would pass for one.</summary>
    private const int MostClutter = 12;

    /// <summary>A line is one of digits when at least this share of it would be taken alone.</summary>
    private const double DigitLineShare = 0.5;

    /// <summary>In such a line this share of the threshold is asked for.</summary>
    internal const double AmongDigitsShare = 0.4;

    /// <summary>A reading of the form that was asked for is doubted when the likeliest of any form is ten times as likely,</summary>
    private const double DoubtfulMisfit = 2.3;

    /// <summary>and is none when that is some thousand times as likely: any two strokes can be cut into the form.</summary>
    private const double MostMisfit = 7;

    /// <summary>Ink of which so much lies in a wanted box is what is wanted: boxes of callers are seldom exact.</summary>
    private const double WantedShare = 0.6;

    private readonly DigitClassifier _classifier;
    private readonly ReaderOptions _options;
    private readonly DigitPattern? _pattern;
    private readonly Plane _picture;
    private readonly int _fullWidth;
    private readonly int _fullHeight;

    // Pixels of the file for one that is worked on, and where the part that is read begins in what is worked on.
    private readonly double _scaleX;
    private readonly double _scaleY;
    private readonly int _left;
    private readonly int _top;
    private readonly List<ReadingStep> _steps = [];
    private readonly CancellationToken _cancellationToken;
    private readonly Predicate<PixelBox>? _isWanted;

    public PictureReading(DigitClassifier classifier, ReaderOptions options, GreyImage picture, int fullWidth, int fullHeight, CancellationToken cancellationToken = default)
    {
        _classifier = classifier;
        _options = options;
        _pattern = options.Pattern is { } pattern ? DigitPattern.Parse(pattern) : null;
        _cancellationToken = cancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        (_picture, _) = Resampling.Shrink(picture, DigitReader.WorkingSide);
        (_fullWidth, _fullHeight) = (fullWidth, fullHeight);
        (_scaleX, _scaleY) = (fullWidth / (double)_picture.Width, fullHeight / (double)_picture.Height);
        if (FrameFinder.Find(_picture) is { } inside)
        {
            (_picture, _left, _top) = (_picture.Crop(inside), inside.X, inside.Y);
        }

        _isWanted = options.Wanted.Count == 0 ? null : IsWanted;
    }

    /// <summary>Whether most of a box of what is worked on lies in ink that the caller knows to be a digit's.</summary>
    private bool IsWanted(PixelBox box)
    {
        // A line's box is where it was fitted, its ink's own a pixel or two narrower.
        var (inFull, slack) = (ToFull(box), (int)Math.Ceiling(2 * Math.Max(_scaleX, _scaleY)));
        return _options.Wanted.Any(wanted => new PixelBox(wanted.X - slack, wanted.Y - slack, wanted.Width + (2 * slack), wanted.Height + (2 * slack)).ShareOf(inFull) > WantedShare);
    }

    private double? Threshold => _options.RejectionThreshold ?? _classifier.RejectionThreshold;

    /// <summary>How well the ink of a page is explained by digits, 0 at best; 0 where no page was read.</summary>
    public double Evidence { get; private set; }

    /// <summary>How many pieces of ink a page has, those that were passed over too; 0 where no page was read.</summary>
    public int PieceCount { get; private set; }

    public ReadingResult Read(bool single)
    {
        Keep("picture", _picture);
        return single ? ReadFrame() ?? ReadSingle() : ReadPage();
    }

    /// <summary>The lattices of the lines that are read; empty when there are none.</summary>
    internal List<LineLattice> Lattices() => FindLines(out _)?.Lines ?? [];

    /// <summary>As lines; where no line shows a digit, as one digit: it may fill the picture, or be cut by its border.</summary>
    private ReadingResult ReadPage()
    {
        var lines = ReadLines();
        if (lines.Verdict != Verdict.NotADigit || lines.Digits.Count is 0 or > MostClutter)
        {
            return lines;
        }

        ReadingStep[] steps = [.. _steps];
        _steps.RemoveAll(step => step.Name != "picture");
        var one = ReadFrame() ?? ReadSingle();
        // Of several pieces that are none, one or all together pass for a digit by chance so much more often.
        var least = 1 - ((1 - Threshold) / Math.Max(1, lines.Digits.Count));
        if (one.Verdict is Verdict.Digit or Verdict.Ambiguous && !(one.Digits[0].Probability < least) && (_pattern is null ? one.Text : _pattern.Write(one.Digits[0].Digit)) is { } text)
        {
            Evidence = 0;
            return one with { Text = text };
        }

        _steps.Clear();
        _steps.AddRange(steps);
        return lines;
    }

    private ReadingResult ReadLines()
    {
        if (FindLines(out var isGrain) is not { } page)
        {
            return Answer([], isGrain ? Verdict.NotADigit : Verdict.Blank);
        }

        (Evidence, PieceCount) = (MeanLogProbability(page.Readings), page.Readings.Sum(reading => reading.Segments.Count));
        KeepInk(page.Ink);
        var readings = page.Readings;
        if (_isWanted is not null)
        {
            var taken = LeftOut.TakeIn(_classifier, page.Ink, readings.ConvertAll(reading => reading.Segments.ToList()), _isWanted);
            readings = [.. taken.Select((segments, i) => i < readings.Count ? readings[i] with { Segments = segments } : new LineReading(segments, null))];
        }

        var digits = new List<ReadDigit>();
        var texts = new List<string>();
        List<Segment> ofPage = [.. readings.SelectMany(reading => reading.Segments).Where(segment => !segment.IsSkipped)];
        var isOfDigits = IsOfDigits(ofPage);
        foreach (var reading in readings)
        {
            var segments = reading.Segments.Where(segment => !segment.IsSkipped).ToList();
            var isRefused = !isOfDigits || (_pattern is not null && !HasForm(reading, segments));
            // What stands in a column stands among digits too.
            var among = segments.Count <= TextLine.FewPieces ? ofPage : segments;
            var threshold = isRefused ? double.PositiveInfinity : ThresholdAmong(among);
            var read = segments.ConvertAll(segment => ToDigit(segment.Answer, segment.Piece.Box, threshold));
            if (!isRefused && among.Count > 1 && IsOfDigitsMostly(among))
            {
                // What looks like no digit by itself, as does what a cut left of one, is doubted, not refused, when the line as it stands shows it.
                read = [.. read.Zip(segments, (digit, segment) => digit.Verdict == Verdict.NotADigit && segment.IsVouchedFor ? digit with { Verdict = Verdict.Ambiguous } : digit)];
            }

            if (_pattern is not null && !isRefused)
            {
                // A text of the form that was asked for has no gaps: what would be refused is doubted, and all of it when another form fits better.
                read = read.ConvertAll(digit => digit.Verdict == Verdict.NotADigit || reading.Misfit > DoubtfulMisfit ? digit with { Verdict = Verdict.Ambiguous } : digit);
            }

            digits.AddRange(read);
            texts.Add(_pattern is null ? string.Concat(read.Where(digit => digit.Verdict != Verdict.NotADigit).Select(digit => digit.Digit)) : isRefused ? "" : reading.Text!);
        }

        return new ReadingResult
        {
            Text = string.Join('\n', texts.Where(text => text.Length > 0)),
            Verdict = digits.All(digit => digit.Verdict == Verdict.NotADigit) ? Verdict.NotADigit
                : digits.Any(digit => digit.Verdict == Verdict.Ambiguous) ? Verdict.Ambiguous
                : Verdict.Digit,
            Digits = digits,
            LeftOut = ToFull(LeftOut.Of(page.Ink, readings.ConvertAll(reading => reading.Segments.ToList()))),
            Steps = _steps,
            Width = _fullWidth,
            Height = _fullHeight,
        };
    }

    /// <summary>The way of taking ink under which its lines are understood best.</summary>
    private (InkMap Ink, List<LineLattice> Lines, List<LineReading> Readings)? FindLines(out bool isGrain)
    {
        (InkMap Ink, List<LineLattice> Lines, List<LineReading> Readings)? best = null;
        var highest = double.NegativeInfinity;
        var isTooMuch = Try(isClose: false);
        if (MayHaveShadows(highest))
        {
            isTooMuch |= Try(isClose: true);
        }

        isGrain = isTooMuch;
        return best;

        bool Try(bool isClose)
        {
            var isGrain = false;
            foreach (var (ink, prior) in ReadingTrace.Each("preprocess", InkSearch.Find(_picture, isPage: true, _options.HasLines, _isWanted, isClose, _cancellationToken)))
            {
                var found = ReadingTrace.Do("segment", () => LineFinder.Find(ink));
                if (found.Sum(line => line.Pieces.Count) > MostPieces)
                {
                    isGrain = true;
                    continue;
                }

                StrokeTrace? page = found.Count > 1 && found.Exists(line => line.IsShort) ? StrokeTrace.Usual(found.SelectMany(line => line.Pieces).Select(piece => (piece.Mass, StrokeTrace.Of(piece.Ink)))) : null;
                var lines = ReadingTrace.Do("classify", () => found.ConvertAll(line => new LineLattice(_classifier, line, isOnly: found.Count == 1, isCutAlways: _pattern is not null, page, _cancellationToken)));
                var readings = lines.ConvertAll(ReadForm);
                var score = prior + (NetworkWeight * MeanLogProbability(readings));
                if (lines.Count > 0 && score > highest)
                {
                    (best, highest) = ((ink, lines, readings), score);
                }
            }

            return isGrain;
        }
    }

    /// <summary>Whether the ground may be to blame where the likeliest reading has such log-odds. Where there is no ink a closer ground finds none either; small pictures have one level or a plane for a ground.</summary>
    private bool MayHaveShadows(double highest) =>
        highest is > double.NegativeInfinity and < Plain && Math.Max(_picture.Width, _picture.Height) > GroundEstimator.SmallSide;

    private LeftOutInk[] ToFull(List<LeftOutInk> found) => [.. found.Select(ink => ink with { Box = ToFull(ink.Box) })];

    /// <summary>A line as a text of the form that was asked for, of which there is none when another fits far better.</summary>
    private LineReading ReadForm(LineLattice line)
    {
        var free = line.Read(SegmentWeights.Shipped)!;
        return _pattern is null ? free
            : line.Read(SegmentWeights.Shipped, _pattern) is { } bound && free.Score - bound.Score <= MostMisfit ? bound with { Misfit = free.Score - bound.Score }
            : free with { Text = null };
    }

    /// <summary>Over all ink, each piece by its mass; what was skipped counts as ink that was hardly understood.</summary>
    private static double MeanLogProbability(List<LineReading> readings)
    {
        double sum = 0, mass = 0;
        foreach (var (segments, text) in readings)
        {
            foreach (var segment in segments)
            {
                mass += segment.Piece.Mass;
                sum += segment.Piece.Mass * (segment.IsSkipped || text is null ? -2 : Math.Max(-4, segment.Answer.Evidence));
            }
        }

        return mass == 0 ? double.NegativeInfinity : sum / mass;
    }

    /// <summary>A picture that is a frame already, as MNIST's are, in either polarity: the network gets it as it is. Null for any other picture.</summary>
    private ReadingResult? ReadFrame()
    {
        if (_picture.Width != MnistFrame.Side || _picture.Height != MnistFrame.Side)
        {
            return null;
        }

        foreach (var isLightOnDark in new[] { true, false })
        {
            var frame = isLightOnDark ? _picture : _picture.Inverted();
            if (MnistFrame.IsFramed(frame) && frame.BoxAbove(0) is { } box)
            {
                if (_options.KeepSteps && InkSearch.Find(_picture, isPage: false, cancellationToken: _cancellationToken).FirstOrDefault(way => way.Ink.Source.IsLightOnDark == isLightOnDark).Ink is { } ink)
                {
                    KeepInk(ink);
                }

                var digit = ToDigit(_classifier.Classify(frame.ToBytes()), box, Threshold);
                return Answer([digit], digit.Verdict);
            }
        }

        return null;
    }

    private ReadingResult ReadSingle()
    {
        DigitCandidate? best = null;
        Classified? answer = null;
        var highest = double.NegativeInfinity;
        var candidates = new List<DigitCandidate>();
        Try(isClose: false);
        if (MayHaveShadows(highest))
        {
            Try(isClose: true);
        }

        if (best is null || answer is null)
        {
            return Answer([], Verdict.Blank);
        }

        KeepInk(best.Ink);
        // Who says that it is one digit wants to know which: the verdict doubts it, the text answers. One of two brackets is a good one, and a
        // square without three of its sides: what it takes to see a digit there makes it less likely that there is one.
        var likeliest = candidates.Where(candidate => candidate.Ink.Source.IsLightOnDark == best.Ink.Source.IsLightOnDark).Max(candidate => candidate.Prior);
        var cost = Math.Max(likeliest - best.Prior, best.LeftOver);
        var digit = ToDigit(answer.Doubted(Math.Exp(Math.Min(0, LeftOverTolerance - cost))), best.Box, Threshold);
        return Answer([digit], digit.Verdict) with { LeftOut = ToFull(LeftOut.Of(best)) };

        void Try(bool isClose)
        {
            var found = ReadingTrace.Do("preprocess", () => SingleDigitSearch.Find(_picture, _options.HasLines, _isWanted, isClose, _cancellationToken));
            candidates.AddRange(found);
            foreach (var (candidate, classified) in found.Zip(ReadingTrace.Do("classify", () => _classifier.Classify([.. found.Select(candidate => candidate.Frame)]))))
            {
                var score = candidate.Prior + (NetworkWeight * classified.Evidence);
                if (score > highest)
                {
                    (best, answer, highest) = (candidate, classified, score);
                }
            }
        }
    }

    /// <summary>Of many pieces of ink that are no digits some pass the threshold by chance: where most do not, none is one.</summary>
    private bool IsOfDigits(List<Segment> segments) =>
        Threshold is not { } threshold || segments.Count < FewPieces || segments.Count(segment => segment.Answer.Probability >= threshold) >= DigitPictureShare * segments.Count;

    /// <summary>Ink among digits is likelier a digit than ink alone: where most pieces are digits only what looks like none of them is refused.</summary>
    private double? ThresholdAmong(List<Segment> segments) => segments.Count > 1 && IsOfDigitsMostly(segments) ? Threshold * AmongDigitsShare : Threshold;

    /// <summary>Whether a line has the pattern's form and its digits look like some: a form fits scribbles too.</summary>
    private bool HasForm(LineReading reading, List<Segment> segments) => reading.Text is not null && IsOfDigitsMostly(segments);

    private bool IsOfDigitsMostly(List<Segment> segments) => segments.Count(segment => !(segment.Answer.Probability < Threshold)) >= DigitLineShare * segments.Count;

    private ReadDigit ToDigit(Classified classified, PixelBox box, double? threshold) => new()
    {
        Digit = classified.Digit,
        Probability = classified.Probability,
        RunnerUp = classified.RunnerUp,
        RunnerUpProbability = classified.RunnerUpProbability,
        Box = ToFull(box),
        Verdict = VerdictOf(classified, threshold),
        Probabilities = classified.Probabilities,
        Image = new GreyImage(MnistFrame.Side, MnistFrame.Side, classified.Frame),
    };

    private Verdict VerdictOf(Classified classified, double? threshold)
    {
        if (classified.Probability < threshold)
        {
            return Verdict.NotADigit;
        }

        return classified.RunnerUpProbability >= _options.AmbiguousShare * classified.Probability ? Verdict.Ambiguous : Verdict.Digit;
    }

    private PixelBox ToFull(PixelBox box)
    {
        var left = Math.Clamp((int)Math.Floor((_left + box.X) * _scaleX), 0, _fullWidth - 1);
        var top = Math.Clamp((int)Math.Floor((_top + box.Y) * _scaleY), 0, _fullHeight - 1);
        var right = Math.Clamp((int)Math.Ceiling((_left + box.Right) * _scaleX), left + 1, _fullWidth);
        var bottom = Math.Clamp((int)Math.Ceiling((_top + box.Bottom) * _scaleY), top + 1, _fullHeight);
        return new PixelBox(left, top, right - left, bottom - top);
    }

    private ReadingResult Answer(IReadOnlyList<ReadDigit> digits, Verdict verdict) => new()
    {
        Text = string.Concat(digits.Select(digit => digit.Digit)),
        Verdict = verdict,
        Digits = digits,
        Steps = _steps,
        Width = _fullWidth,
        Height = _fullHeight,
    };

    private void KeepInk(InkMap ink)
    {
        var source = ink.Source;
        Keep("ground", source.IsLightOnDark ? source.Ground.Inverted() : source.Ground);
        Keep("darkness", source.Darkness);
        Keep("ink", ink.Ink);
    }

    private void Keep(string name, Plane plane)
    {
        if (_options.KeepSteps)
        {
            _steps.Add(new ReadingStep(name, plane.ToPicture()));
        }
    }
}

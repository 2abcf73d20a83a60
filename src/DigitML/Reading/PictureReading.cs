using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>The reading of one picture: from grey to ink, from ink to digits, from digits to verdicts.</summary>
internal sealed class PictureReading
{
    /// <summary>How much the network's log-probability counts against the priors of the binarisation.</summary>
    private const double NetworkWeight = 3;

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
    private const double AmongDigitsShare = 0.4;

    /// <summary>Ink of which so much lies in a wanted box is what is wanted: boxes of callers are seldom exact.</summary>
    private const double WantedShare = 0.6;

    private readonly DigitClassifier _classifier;
    private readonly ReaderOptions _options;
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

    public ReadingResult Read(bool single)
    {
        Keep("picture", _picture);
        return single ? ReadFrame() ?? ReadSingle() : ReadPage();
    }

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
        if (one.Verdict is Verdict.Digit or Verdict.Ambiguous)
        {
            Evidence = 0;
            return one;
        }

        _steps.Clear();
        _steps.AddRange(steps);
        return lines;
    }

    private ReadingResult ReadLines()
    {
        List<List<Segment>>? best = null;
        InkMap? bestInk = null;
        var isGrain = false;
        var highest = double.NegativeInfinity;
        foreach (var (ink, prior) in ReadingTrace.Each("preprocess", InkSearch.Find(_picture, isPage: true, _options.HasLines, _isWanted, _cancellationToken)))
        {
            var found = ReadingTrace.Do("segment", () => LineFinder.Find(ink));
            if (found.Sum(line => line.Pieces.Count) > MostPieces)
            {
                isGrain = true;
                continue;
            }

            var lines = ReadingTrace.Do("classify", () => found.ConvertAll(line => new LineLattice(_classifier, line, _cancellationToken).Read()));
            var score = prior + (NetworkWeight * MeanLogProbability(lines));
            if (lines.Count > 0 && score > highest)
            {
                (best, bestInk, highest) = (lines, ink, score);
            }
        }

        if (best is null || bestInk is null)
        {
            return Answer([], isGrain ? Verdict.NotADigit : Verdict.Blank);
        }

        Evidence = MeanLogProbability(best);
        KeepInk(bestInk);
        if (_isWanted is not null)
        {
            best = LeftOut.TakeIn(_classifier, bestInk, best, _isWanted);
        }

        var digits = new List<ReadDigit>();
        var texts = new List<string>();
        var isOfDigits = IsOfDigits([.. best.SelectMany(line => line).Where(segment => !segment.IsSkipped)]);
        foreach (var line in best)
        {
            var segments = line.Where(segment => !segment.IsSkipped).ToList();
            var threshold = isOfDigits ? LineThreshold(segments) : double.PositiveInfinity;
            var read = segments.ConvertAll(segment => ToDigit(segment.Answer, segment.Piece.Box, threshold));
            digits.AddRange(read);
            texts.Add(string.Concat(read.Where(digit => digit.Verdict != Verdict.NotADigit).Select(digit => digit.Digit)));
        }

        return new ReadingResult
        {
            Text = string.Join('\n', texts.Where(text => text.Length > 0)),
            Verdict = digits.All(digit => digit.Verdict == Verdict.NotADigit) ? Verdict.NotADigit
                : digits.Any(digit => digit.Verdict == Verdict.Ambiguous) ? Verdict.Ambiguous
                : Verdict.Digit,
            Digits = digits,
            LeftOut = ToFull(LeftOut.Of(bestInk, best)),
            Steps = _steps,
            Width = _fullWidth,
            Height = _fullHeight,
        };
    }

    private LeftOutInk[] ToFull(List<LeftOutInk> found) => [.. found.Select(ink => ink with { Box = ToFull(ink.Box) })];

    /// <summary>Over all ink, each piece by its mass; what was skipped counts as ink that was hardly understood.</summary>
    private static double MeanLogProbability(List<List<Segment>> lines)
    {
        double sum = 0, mass = 0;
        foreach (var segment in lines.SelectMany(line => line))
        {
            mass += segment.Piece.Mass;
            sum += segment.Piece.Mass * (segment.IsSkipped ? -2 : Math.Max(-4, segment.Answer.Evidence));
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
        var candidates = ReadingTrace.Do("preprocess", () => SingleDigitSearch.Find(_picture, _options.HasLines, _isWanted, _cancellationToken));
        foreach (var (candidate, classified) in candidates.Zip(ReadingTrace.Do("classify", () => _classifier.Classify([.. candidates.Select(candidate => candidate.Frame)]))))
        {
            var score = candidate.Prior + (NetworkWeight * classified.Evidence);
            if (score > highest)
            {
                (best, answer, highest) = (candidate, classified, score);
            }
        }

        if (best is null || answer is null)
        {
            return Answer([], Verdict.Blank);
        }

        KeepInk(best.Ink);
        // Who says that it is one digit wants to know which: the verdict doubts it, the text answers.
        var digit = ToDigit(answer, best.Box, Threshold);
        return Answer([digit], digit.Verdict) with { LeftOut = ToFull(LeftOut.Of(best)) };
    }

    /// <summary>Of many pieces of ink that are no digits some pass the threshold by chance: where most do not, none is one.</summary>
    private bool IsOfDigits(List<Segment> segments) =>
        Threshold is not { } threshold || segments.Count < FewPieces || segments.Count(segment => segment.Answer.Probability >= threshold) >= DigitPictureShare * segments.Count;

    /// <summary>Ink among digits is likelier a digit than ink alone: in a line that is mostly digits only what looks like none of them is refused.</summary>
    private double? LineThreshold(List<Segment> segments)
    {
        var kept = segments.Count(segment => !(segment.Answer.Probability < Threshold));
        return segments.Count > 1 && kept >= DigitLineShare * segments.Count ? Threshold * AmongDigitsShare : Threshold;
    }

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

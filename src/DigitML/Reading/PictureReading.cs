using DigitML.Imaging;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>The reading of one picture: from grey to ink, from ink to digits, from digits to verdicts.</summary>
internal sealed class PictureReading
{
    /// <summary>How much the network's log-probability counts against the priors of how the ink was taken.</summary>
    private const double NetworkWeight = 3;

    private readonly DigitClassifier _classifier;
    private readonly ReaderOptions _options;
    private readonly Plane _picture;
    private readonly int _fullWidth;
    private readonly int _fullHeight;
    private readonly List<ReadingStep> _steps = [];

    public PictureReading(DigitClassifier classifier, ReaderOptions options, GreyImage picture, int fullWidth, int fullHeight)
    {
        _classifier = classifier;
        _options = options;
        (_picture, _) = Resampling.Shrink(picture, DigitReader.WorkingSide);
        (_fullWidth, _fullHeight) = (fullWidth, fullHeight);
    }

    public Reading Read(bool single)
    {
        Keep("picture", _picture);
        return single ? ReadSingle() : ReadLines();
    }

    private Reading ReadLines()
    {
        List<List<Segment>>? best = null;
        InkMap? bestInk = null;
        var highest = double.NegativeInfinity;
        foreach (var (ink, prior) in InkSearch.Find(_picture, isPage: true))
        {
            var lines = LineFinder.Find(ink).Select(line => new LineLattice(_classifier, line).Read()).ToList();
            var score = prior + (NetworkWeight * MeanLogProbability(lines));
            if (lines.Count > 0 && score > highest)
            {
                (best, bestInk, highest) = (lines, ink, score);
            }
        }

        if (best is null || bestInk is null)
        {
            return Answer([], Verdict.Blank);
        }

        KeepInk(bestInk);
        var digits = new List<ReadDigit>();
        var texts = new List<string>();
        foreach (var line in best)
        {
            var read = line.Where(segment => !segment.IsSkipped).Select(segment => ToDigit(segment.Answer, segment.Piece.Box)).ToList();
            digits.AddRange(read);
            texts.Add(string.Concat(read.Where(digit => digit.Verdict != Verdict.NotADigit).Select(digit => digit.Digit)));
        }

        return new Reading
        {
            Text = string.Join('\n', texts.Where(text => text.Length > 0)),
            Verdict = digits.All(digit => digit.Verdict == Verdict.NotADigit) ? Verdict.NotADigit
                : digits.Any(digit => digit.Verdict == Verdict.Ambiguous) ? Verdict.Ambiguous
                : Verdict.Digit,
            Digits = digits,
            Steps = _steps,
            Width = _fullWidth,
            Height = _fullHeight,
        };
    }

    /// <summary>Over all ink, each piece by its mass; what was skipped counts as ink that was hardly understood.</summary>
    private static double MeanLogProbability(List<List<Segment>> lines)
    {
        double sum = 0, mass = 0;
        foreach (var segment in lines.SelectMany(line => line))
        {
            mass += segment.Piece.Mass;
            sum += segment.Piece.Mass * (segment.IsSkipped ? -2 : Math.Max(-4, Math.Log(segment.Answer.Probability)));
        }

        return mass == 0 ? double.NegativeInfinity : sum / mass;
    }

    private Reading ReadSingle()
    {
        DigitCandidate? best = null;
        Classified? answer = null;
        var highest = double.NegativeInfinity;
        foreach (var candidate in SingleDigitSearch.Find(_picture))
        {
            var classified = _classifier.Classify(candidate.Frame);
            var score = candidate.Prior + (NetworkWeight * Math.Log(classified.Probability));
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
        var digit = ToDigit(answer, best.Box);
        return Answer([digit], digit.Verdict);
    }

    private ReadDigit ToDigit(Classified classified, PixelBox box) => new()
    {
        Digit = classified.Digit,
        Probability = classified.Probability,
        RunnerUp = classified.RunnerUp,
        RunnerUpProbability = classified.RunnerUpProbability,
        Box = ToFull(box),
        Verdict = VerdictOf(classified),
        Probabilities = classified.Probabilities,
        Image = new GreyImage(MnistFrame.Side, MnistFrame.Side, classified.Frame),
    };

    private Verdict VerdictOf(Classified classified)
    {
        if ((_options.RejectionThreshold ?? _classifier.RejectionThreshold) is { } threshold && classified.Probability < threshold)
        {
            return Verdict.NotADigit;
        }

        return classified.RunnerUpProbability >= _options.AmbiguousShare * classified.Probability ? Verdict.Ambiguous : Verdict.Digit;
    }

    private PixelBox ToFull(PixelBox box)
    {
        var scaleX = _fullWidth / (double)_picture.Width;
        var scaleY = _fullHeight / (double)_picture.Height;
        var left = Math.Clamp((int)Math.Floor(box.X * scaleX), 0, _fullWidth - 1);
        var top = Math.Clamp((int)Math.Floor(box.Y * scaleY), 0, _fullHeight - 1);
        var right = Math.Clamp((int)Math.Ceiling(box.Right * scaleX), left + 1, _fullWidth);
        var bottom = Math.Clamp((int)Math.Ceiling(box.Bottom * scaleY), top + 1, _fullHeight);
        return new PixelBox(left, top, right - left, bottom - top);
    }

    private Reading Answer(IReadOnlyList<ReadDigit> digits, Verdict verdict) => new()
    {
        Text = string.Concat(digits.Where(digit => digit.Verdict != Verdict.NotADigit).Select(digit => digit.Digit)),
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

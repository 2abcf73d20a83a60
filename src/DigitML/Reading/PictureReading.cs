using DigitML.Imaging;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>The reading of one picture: from grey to ink, from ink to digits, from digits to verdicts.</summary>
internal sealed class PictureReading
{
    /// <summary>Beyond these log-odds the picture's polarity is plain and the other one is not tried.</summary>
    private const double PlainPolarity = 4;

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
        var candidates = new List<Interpretation>();
        var odds = PolarityPrior.LogOdds(_picture);
        foreach (var isLightOnDark in new[] { false, true })
        {
            var logOdds = isLightOnDark ? -odds : odds;
            if (logOdds > -PlainPolarity && InkExtractor.Extract(_picture, isLightOnDark) is { } ink)
            {
                candidates.Add(Interpret(ink, logOdds, single));
            }
        }

        if (candidates.Count == 0)
        {
            return Answer([], Verdict.Blank);
        }

        var best = candidates.MaxBy(candidate => candidate.Score)!;
        Keep("ground", best.Ink.IsLightOnDark ? best.Ink.Ground.Inverted() : best.Ink.Ground);
        Keep("darkness", best.Ink.Darkness);
        Keep("ink", best.Ink.Ink);
        for (var i = 0; i < best.Digits.Count; i++)
        {
            if (_options.KeepSteps)
            {
                _steps.Add(new ReadingStep($"digit-{i + 1}", best.Digits[i].Image));
            }
        }

        var verdict = best.Digits.Count == 0 ? Verdict.Blank
            : best.Digits.All(digit => digit.Verdict == Verdict.NotADigit) ? Verdict.NotADigit
            : best.Digits.Any(digit => digit.Verdict == Verdict.Ambiguous) ? Verdict.Ambiguous
            : Verdict.Digit;
        return Answer(best.Digits, verdict);
    }

    private Interpretation Interpret(InkMap ink, double logOdds, bool single)
    {
        var components = InkComponents.Find(ink.Mask, ink.Ink);
        var largest = components.All.Max(component => component.Mass);
        var kept = components.All.Where(component => component.Mass >= 0.03 * largest).ToList();
        var digits = new List<ReadDigit>();
        var score = logOdds;
        var groups = single ? [kept] : kept.Select(component => new List<InkComponent> { component }).OrderBy(group => group[0].Box.X).ToList();
        foreach (var group in groups)
        {
            var digit = Classify(ink, components, group);
            digits.Add(digit);
            score += Math.Log(digit.Probability) / groups.Count;
        }

        return new Interpretation(ink, digits, score);
    }

    private ReadDigit Classify(InkMap ink, InkComponents components, List<InkComponent> group)
    {
        var box = group.Select(component => component.Box).Aggregate((a, b) => a.Union(b));
        var classified = _classifier.Classify(DigitFrame.Put(InkOf(ink, components, group, box)));
        return new ReadDigit
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
    }

    /// <summary>The ink of some components and its soft seam, without that of others; the whole picture when it is small.</summary>
    private static Plane InkOf(InkMap ink, InkComponents components, List<InkComponent> group, PixelBox box)
    {
        var labels = group.Select(component => component.Label).ToHashSet();
        var roomy = ink.Width == MnistFrame.Side && ink.Height == MnistFrame.Side
            ? new PixelBox(0, 0, ink.Width, ink.Height)
            : new PixelBox(box.X - 1, box.Y - 1, box.Width + 2, box.Height + 2);
        var part = ink.Ink.Crop(roomy);
        for (var y = 0; y < part.Height; y++)
        {
            for (var x = 0; x < part.Width; x++)
            {
                var (px, py) = (x + roomy.X, y + roomy.Y);
                if (px >= 0 && py >= 0 && px < ink.Width && py < ink.Height)
                {
                    var label = components.Labels[(py * ink.Width) + px];
                    if (label != 0 && !labels.Contains(label))
                    {
                        part.Values[(y * part.Width) + x] = 0;
                    }
                }
            }
        }

        return part;
    }

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

    private void Keep(string name, Plane plane)
    {
        if (_options.KeepSteps)
        {
            _steps.Add(new ReadingStep(name, plane.ToPicture()));
        }
    }

    private sealed record Interpretation(InkMap Ink, IReadOnlyList<ReadDigit> Digits, double Score);
}

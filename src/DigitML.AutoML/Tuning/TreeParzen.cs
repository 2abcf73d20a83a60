using DigitML.AutoML.Spaces;
using DigitML.Pixels;

namespace DigitML.AutoML.Tuning;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011, section 4): trials are cut into good ones and others, each
/// setting's density is estimated in both, and of some candidates drawn from the good ones' density that is taken which is likeliest to be
/// good: whose ratio of the two is greatest. Settings are taken one after the other, so that those which exist under a condition are learnt from the trials that have them.
/// </summary>
internal static class TreeParzen
{
    /// <summary>Of a number; more would follow the best trials so closely that the rest of the range is left alone.</summary>
    private const int Candidates = 8;

    /// <summary>Share of the trials that count as good.</summary>
    private const double GoodShare = 0.2;

    /// <summary>Good trials at most, as in hyperopt: more would blur what the best have in common.</summary>
    private const int MostGood = 25;

    /// <summary>Others at most, evenly over their ranks, so that a decision costs the same after a hundred thousand trials.</summary>
    private const int MostOthers = 200;

    /// <summary>Draws a point.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="ranked">Trials' settings, the best first.</param>
    /// <param name="random">Where chance comes from.</param>
    public static TrialSettings Suggest(SearchSpace space, IReadOnlyList<TrialSettings> ranked, SeededRandom random)
    {
        var good = ranked.Take(Math.Clamp((int)Math.Ceiling(GoodShare * ranked.Count), 1, MostGood)).ToArray();
        var behind = ranked.Count - good.Length;
        var stride = Math.Max(1, (double)behind / MostOthers);
        var others = Enumerable.Range(0, Math.Min(behind, MostOthers)).Select(i => ranked[good.Length + (int)(i * stride)]).ToArray();

        var settings = TrialSettings.Empty;
        foreach (var parameter in space.Parameters)
        {
            if (parameter.IsActive(settings))
            {
                settings = settings.With(parameter.Name, parameter switch
                {
                    NumberParameter number => Draw(number, Places(number, good), Places(number, others), random),
                    ChoiceParameter choice => Draw(choice, good, random),
                    _ => parameter.Sample(random),
                });
            }
        }

        return settings;
    }

    private static double Draw(NumberParameter parameter, double[] good, double[] others, SeededRandom random)
    {
        var (better, worse) = (new Mixture(good), new Mixture(others));
        var (best, bestRatio) = (0.5, double.NegativeInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            var place = better.Sample(random);
            var ratio = Math.Log(better.Density(place)) - Math.Log(worse.Density(place));
            if (ratio > bestRatio)
            {
                (best, bestRatio) = (place, ratio);
            }
        }

        return parameter.FromUnit(best);
    }

    /// <summary>
    /// As often as among the good trials. Taking the likeliest of several candidates as well would settle on one choice after a dozen trials,
    /// before the settings that go with the others are any good.
    /// </summary>
    private static SettingValue Draw(ChoiceParameter parameter, TrialSettings[] good, SeededRandom random)
    {
        var counts = Counts(parameter, good);
        var mark = random.NextDouble() * counts.Sum();
        var choice = 0;
        while (choice < counts.Length - 1 && mark >= counts[choice])
        {
            mark -= counts[choice++];
        }

        return parameter.Values[choice];
    }

    private static double[] Places(NumberParameter parameter, TrialSettings[] trials) =>
        [.. trials.Where(trial => trial.ContainsKey(parameter.Name) && !trial[parameter.Name].IsWord).Select(trial => parameter.ToUnit(trial[parameter.Name].Number))];

    /// <summary>How often each choice was made, and once more: none is impossible.</summary>
    private static double[] Counts(ChoiceParameter parameter, TrialSettings[] trials)
    {
        var counts = new double[parameter.Values.Count];
        Array.Fill(counts, 1);
        foreach (var trial in trials)
        {
            if (trial.TryGetValue(parameter.Name, out var value))
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[i] += parameter.Values[i] == value ? 1 : 0;
                }
            }
        }

        return counts;
    }

    /// <summary>A normal bump at every point, as wide as its farther neighbour is away, and one over the whole range; all cut to [0, 1].</summary>
    private readonly struct Mixture
    {
        private readonly double[] _centres;
        private readonly double[] _widths;
        private readonly double[] _masses;

        public Mixture(double[] points)
        {
            // The prior: a wide bump in the middle, which keeps every place possible.
            _centres = [.. points, 0.5];
            _widths = new double[_centres.Length];
            _masses = new double[_centres.Length];
            var sorted = points.Order().ToArray();
            var narrowest = 1.0 / Math.Min(100, 1 + points.Length);
            for (var i = 0; i < _centres.Length; i++)
            {
                _widths[i] = 1;
                if (i < points.Length)
                {
                    var at = Array.BinarySearch(sorted, points[i]);
                    var left = at > 0 ? sorted[at - 1] : 0;
                    var right = at < sorted.Length - 1 ? sorted[at + 1] : 1;
                    _widths[i] = Math.Clamp(Math.Max(points[i] - left, right - points[i]), narrowest, 1);
                }

                _masses[i] = Below(1, i) - Below(0, i);
            }
        }

        public double Sample(SeededRandom random)
        {
            var bump = random.Next(_centres.Length);
            while (true)
            {
                var place = _centres[bump] + (_widths[bump] * random.NextGaussian());
                if (place is >= 0 and <= 1)
                {
                    return place;
                }
            }
        }

        public double Density(double place)
        {
            var sum = 0.0;
            for (var i = 0; i < _centres.Length; i++)
            {
                var distance = (place - _centres[i]) / _widths[i];
                sum += Math.Exp(-0.5 * distance * distance) / (_widths[i] * Math.Sqrt(2 * Math.PI) * _masses[i]);
            }

            return sum / _centres.Length;
        }

        // The logistic function is near enough to the normal distribution here (Bowling et al. 2009: at most 0.00014 away).
        private double Below(double place, int bump)
        {
            var distance = (place - _centres[bump]) / _widths[bump];
            return 1 / (1 + Math.Exp(-((0.07056 * distance * distance * distance) + (1.5976 * distance))));
        }
    }
}

using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.Pixels;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>Studies whose trials have made-up scores: no training, the same each time.</summary>
internal static class SampleStudy
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static StudyDescription Describe(SearchSpace space, ExperimentMetric metric = ExperimentMetric.Accuracy, string dataset = "made up", int seed = 5, IReadOnlyList<int>? rungs = null) => new()
    {
        Name = "sample",
        Dataset = dataset,
        IsSynthetic = true,
        DataHash = new string('a', 64),
        Space = space.ToJson(),
        Tuner = "asha-tpe",
        Rungs = rungs ?? [1, 3, 9, 27],
        Metric = metric,
        Seed = seed,
    };

    /// <summary>Trials of random settings that all reach the first rung alone, scored by a function.</summary>
    public static TrialRecord[] Scored(SearchSpace space, int count, Func<TrialSettings, double> accuracy, int seed = 3) =>
        [.. Enumerable.Range(0, count).Select(number =>
        {
            var settings = space.Sample(SeededRandom.OfItem(seed, number));
            return Trial(number, TrialState.Paused, settings, Result(0, 1, accuracy(settings), number));
        })];

    /// <summary>A study by halving: some trials go on, one of 29 fails, the last one is running; one of 17 learns nothing.</summary>
    public static TrialRecord[] Halved(SearchSpace space, int count, int seed = 3)
    {
        int[] rungs = [1, 3, 9, 27];
        var second = 0;
        var goodness = new Dictionary<int, double>();
        var trials = new List<TrialRecord>();
        for (var number = 0; number < count; number++)
        {
            var random = SeededRandom.OfItem(seed, number);
            var settings = space.Sample(random);
            goodness[number] = settings.Values.Index().Sum(item => (item.Index % 3) * (item.Item.IsWord ? item.Item.Word.Length % 5 / 5.0 : Math.Abs(Math.Sin(item.Item.Number)))) / settings.Count;
            var trial = Trial(number, TrialState.Paused, settings, Result(0, 1, Accuracy(number, 0), second += 7));
            trials.Add(number % 29 == 28 ? trial with { State = TrialState.Failed, Rungs = [], Error = "HiddenLayers must have 1 to 65536 units each; got 0." } : trial);
            for (var rung = 0; rung < rungs.Length - 1; rung++)
            {
                var reached = trials.Where(other => other.Rungs.Count > rung).OrderByDescending(other => other.Rungs[rung].Score.Accuracy).ToArray();
                foreach (var next in reached.Take(reached.Length / 3).Where(other => other.Rungs.Count == rung + 1))
                {
                    second += 3 * rungs[rung + 1];
                    trials[next.Number] = next with { State = rung + 2 == rungs.Length ? TrialState.Finished : TrialState.Paused, Rungs = [.. next.Rungs, Result(rung + 1, rungs[rung + 1], Accuracy(next.Number, rung + 1), second)] };
                }
            }
        }

        if (count > 1)
        {
            trials[^1] = trials[^1] with { State = TrialState.Running, Rungs = [], Worker = "here/1/20260301120000/0", Error = null };
        }

        return [.. trials];

        double Accuracy(int number, int rung) => number % 17 == 16 ? 0.1 : 0.93 + (0.04 * goodness[number]) + (0.012 * rung);
    }

    public static TrialRecord Trial(int number, TrialState state, TrialSettings settings, params RungResult[] rungs) => new() { Number = number, State = state, Settings = settings, Rungs = rungs };

    public static RungResult Result(int rung, int epochs, double accuracy, double second) => new()
    {
        Rung = rung,
        Epochs = epochs,
        Score = new TrialScore { Accuracy = accuracy, MacroAccuracy = accuracy - 0.001, LogLoss = accuracy < 0.5 ? double.NaN : (1 - accuracy) * 4 },
        Seconds = epochs * 0.7,
        ModelBytes = 400_000,
        FinishedAt = s_begin.AddSeconds(second),
        Worker = "here/1/20260301120000/0",
    };
}

using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.Web.Tests;

/// <summary>A study in memory whose trials a test trains, as workers would.</summary>
internal sealed class MadeStudy
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(10);
    private static readonly SearchSpace s_space = SearchSpace.ForImages();
    private int _second;

    public MadeStudy(string dataset = "made up") => Source = new StudySource(new MemoryStudy(), new StudyDescription
    {
        Name = "evening",
        Dataset = dataset,
        IsSynthetic = true,
        DataHash = new string('a', 64),
        Space = s_space.ToJson(),
        Tuner = "asha-tpe",
        Rungs = [1, 3, 9],
        Metric = ExperimentMetric.Accuracy,
        Seed = 1,
    });

    public StudySource Source { get; }

    /// <summary>Begins a trial and leaves it running.</summary>
    public async Task<TrialClaim> BeginAsync(double dropout = 0.1)
    {
        var claim = (await Source.Store.AddAsync("machine/17/20260301120000/2", int.MaxValue, s_lease, CancellationToken.None))!;
        var settings = s_space.Starts[0].With("dropout", dropout).With("learningRate", 0.001 + (dropout / 100));
        Assert.True(await Source.Store.SetSettingsAsync(claim, settings, CancellationToken.None));
        return claim;
    }

    /// <summary>Has a trial reach its first rung, or the one after the last it reached.</summary>
    public async Task FinishAsync(TrialClaim claim, double accuracy)
    {
        var rung = claim.NextRung;
        var result = new RungResult
        {
            Rung = rung,
            Epochs = Source.Description.Rungs[rung],
            Score = new TrialScore { Accuracy = accuracy, MacroAccuracy = accuracy - 0.002, LogLoss = accuracy < 0.5 ? double.NaN : 1 - accuracy },
            Seconds = 2.5,
            ModelBytes = 1_234_567,
            FinishedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(_second += 5),
            Worker = "machine/17/20260301120000/2",
        };
        Assert.True(await Source.Store.FinishRungAsync(claim, result, rung == 2, default, CancellationToken.None));
    }

    public Task FailAsync(TrialClaim claim, string reason) => Source.Store.FailAsync(claim, reason, CancellationToken.None);

    /// <summary>Many trials, of which some go on.</summary>
    public async Task FillAsync(int count)
    {
        for (var trial = 0; trial < count; trial++)
        {
            await FinishAsync(await BeginAsync(trial % 10 * 0.05), trial == 4 ? 0.1 : 0.9 + (trial % 10 * 0.005));
        }

        for (var rung = 0; rung < 2; rung++)
        {
            for (var trial = 9; trial < count; trial += rung == 0 ? 3 : 9)
            {
                var claim = (await Source.Store.ClaimPausedAsync("machine/17/20260301120000/2", [trial], rung, s_lease, CancellationToken.None))!;
                await FinishAsync(claim, 0.95 + (rung * 0.02) + (trial % 10 * 0.001));
            }
        }
    }
}

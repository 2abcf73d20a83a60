using DigitML.AutoML;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Tuning;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Benchmarks.Studies;

/// <summary>Halving against random search on MNIST: the same space, seed and time, the last training included. Spaces have no starts, so that neither is told where to begin.</summary>
internal static class TunersRun
{
    /// <summary>Runs the pairs, whichever was second coming first in the next.</summary>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="pairs">Seeds.</param>
    /// <param name="seconds">Of each search.</param>
    /// <param name="images">Training images, of which a fifth validates.</param>
    /// <exception cref="DigitException">MNIST is not here.</exception>
    public static async Task<string> RunAsync(int firstSeed, int pairs, int seconds, int images)
    {
        var folder = MnistPlace.Find(null) ?? throw new DigitException("MNIST is not on this machine; digitml data downloads it.");
        var mnist = await Mnist.LoadAsync(folder);
        var train = mnist.Train.Take(images);
        var space = new SearchSpace(SearchSpace.ForImages().Parameters);
        var table = new List<string>
        {
            FormattableString.Invariant($"The first {train.Count} images, {seconds} s each, two workers, right of {mnist.Test.Count} test images"),
            "",
            "| seed | halving: trials, right | random: trials, right | ahead |",
            "|---:|---:|---:|---|",
        };
        var ahead = 0;
        for (var seed = firstSeed; seed < firstSeed + pairs; seed++)
        {
            var first = await SearchAsync(seed % 2 == 0, seed);
            var second = await SearchAsync(seed % 2 == 1, seed);
            var (halving, random) = seed % 2 == 1 ? (first, second) : (second, first);
            ahead += halving.Right > random.Right ? 1 : 0;
            table.Add(FormattableString.Invariant($"| {seed} | {halving.Trials}, {halving.Right} | {random.Trials}, {random.Right} | {(halving.Right > random.Right ? "halving" : halving.Right < random.Right ? "random" : "neither")} |"));
            Console.Error.WriteLine(table[^1]);
        }

        table.Add("");
        table.Add($"Halving was ahead in {ahead} of {pairs}.");
        return string.Join(Environment.NewLine, table);

        async Task<(int Trials, int Right)> SearchAsync(bool isRandom, int seed)
        {
            var result = await new MlpExperiment()
                .SetDataset(train)
                .SetSearchSpace(space)
                .SetTuner(isRandom ? new RandomTuner() : new HalvingTuner())
                .SetTrainingTime(TimeSpan.FromSeconds(seconds))
                .SetSeed(seed)
                .SetWorkers(2)
                .RunAsync();
            var evaluation = result.Model!.Evaluate(mnist.Test);
            return (result.Trials.Count, (int)Math.Round(evaluation.MicroAccuracy * mnist.Test.Count));
        }
    }
}

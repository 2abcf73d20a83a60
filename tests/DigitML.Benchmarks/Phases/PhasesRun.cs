using System.Globalization;
using System.Text;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.Training;

namespace DigitML.Benchmarks.Phases;

/// <summary>Measures where the time goes and writes the tables.</summary>
internal static class PhasesRun
{
    /// <summary>Measures; half a minute.</summary>
    /// <param name="data">The folder with MNIST; null to search.</param>
    /// <param name="epochs">Epochs of the thesis network.</param>
    /// <returns>Markdown.</returns>
    public static string Measure(string? data, int epochs)
    {
        Progress.Say("Phases");
        var images = MnistPlace.Find(data) is { } folder
            ? Mnist.LoadAsync(folder).GetAwaiter().GetResult().Train
            : SyntheticDigits.Create(60_000, seed: 1);
        var all = new[] { 1, Environment.ProcessorCount }.Distinct().Select(Ceilings.Measure).ToArray();
        var text = new StringBuilder();
        text.Append(Ceilings.Table(all));
        foreach (var ceilings in all)
        {
            Add(new MlpOptions { Epochs = epochs, Threads = ceilings.Threads }, "thesis network, batches of 32", ceilings);
        }

        var most = all[^1];
        Add(new MlpOptions { HiddenLayers = [1024, 1024, 1024], BatchSize = 256, Epochs = Math.Max(1, epochs / 5), Threads = most.Threads }, "784-1024-1024-1024-10, batches of 256", most);
        return text.ToString();

        void Add(MlpOptions options, string network, Ceilings ceilings)
        {
            var title = $"{network}, {ceilings.Threads} {(ceilings.Threads == 1 ? "thread" : "threads")}";
            Progress.Say($"  {title}");

            // The first run compiles; few images are enough for that.
            new MlpTrainer(options with { Epochs = 1 }).Fit(images.Take(Math.Min(images.Count, 20 * options.BatchSize)));
            var result = new MlpTrainer(options) { MeasurePhases = true }.Fit(images);
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"### An epoch on {images.Name}: {title}");
            text.AppendLine();
            text.Append(Table(result, new Roofline(result.History, images, ceilings)));
        }
    }

    private static MarkdownTable Table(TrainingResult result, Roofline roofline)
    {
        var table = new MarkdownTable("phase", "share", "measured", "operations", "bytes", "bound", "of the bound");
        double epochs = result.History.Epochs.Count;
        foreach (var time in result.Phases)
        {
            var bound = roofline.Of(time.Phase);
            var seconds = time.Seconds / epochs;
            table.Add(
                Name(time.Phase),
                Figure.Percent(time.Share),
                Figure.Seconds(seconds),
                bound is { Operations: > 0 } ? $"{Figure.Of(bound.Operations / 1e9)} G" : "–",
                bound is null ? "–" : $"{Figure.Of(bound.Bytes / 1e9)} GB",
                bound is null ? "–" : Figure.Seconds(bound.Seconds),
                bound is null || seconds == 0 ? "–" : Figure.Percent(bound.Seconds / seconds));
        }

        var total = result.Phases.Sum(time => time.Seconds) / epochs;
        table.Add("all", Figure.Percent(1), Figure.Seconds(total), "–", "–", Figure.Seconds(roofline.Seconds), Figure.Percent(roofline.Seconds / total));
        return table;
    }

    private static string Name(TrainingPhase phase) => phase switch
    {
        TrainingPhase.InputGradient => "input gradient",
        TrainingPhase.WeightUpdate => "weight gradient and Adam",
        _ => phase.ToString().ToLowerInvariant(),
    };
}

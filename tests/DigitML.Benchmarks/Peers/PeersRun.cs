using System.Diagnostics;
using System.Globalization;
using System.Text;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Peers;

/// <summary>Runs the comparisons and writes their tables.</summary>
internal static class PeersRun
{
    private const string ThesisHidden = "128,32";
    private const int ThesisBatch = 32;
    private const string WideHidden = "1024,1024,1024";
    private const int WideBatch = 256;

    /// <summary>Measures; minutes.</summary>
    /// <returns>Markdown.</returns>
    public static string Compare(PeersOptions options)
    {
        var scripts = new PeerScripts(options.PeersFolder, options.DataFolder);
        var table = Race.Table();
        var qualifying = new MarkdownTable("work", "peer", "an epoch", "went on");
        var model = Path.Combine(Path.GetTempPath(), $"digitml-benchmark-{Environment.ProcessId}.onnx");
        try
        {
            Progress.Say("Peers");
            using var hogs = new Hogs(options.Hogs, () => Ours("hog"));
            Train(Measure.Training($"thesis recipe, {Epochs(options.ThesisEpochs)}"), ThesisHidden, ThesisBatch, shortEpochs: 2, options.ThesisEpochs);
            Train(Measure.Training($"784-1024-1024-1024-10, batch 256, {Epochs(options.WideEpochs)}"), WideHidden, WideBatch, shortEpochs: 1, options.WideEpochs);

            var boosted = new Race(
                new Contender("DigitML", Environment.ProcessorCount, count => TrainOurs(options, ThesisHidden, ThesisBatch, count)),
                [new Contender("ML.NET's LightGBM", Environment.ProcessorCount, _ => Ours("lightgbm", options.DataFolder))],
                Measure.Training($"thesis recipe, {Epochs(options.ThesisEpochs)}, beside trees"));
            boosted.Run(rounds: 1, options.ThesisEpochs);
            boosted.AddTo(table);

            ChildRun.Of(TrainOurs(options, ThesisHidden, ThesisBatch, epochs: 2, "--onnx", model));
            var predictors = new Race(
                new Contender("DigitML", Environment.ProcessorCount, _ => Ours("predict", "--model", model, "--data", options.DataFolder)),
                PeerScripts.ThreadCounts().Select(threads => new Contender("ONNX Runtime", threads, _ => Ours("ort", model, options.DataFolder, Text(threads), "1"))),
                Measure.OneImage,
                Measure.Batches);
            predictors.Run(options.Rounds, epochs: 0);
            predictors.AddTo(table);
        }
        finally
        {
            File.Delete(model);
        }

        return Write(options, scripts, table, qualifying);

        void Train(Measure measure, string hidden, int batchSize, int shortEpochs, int epochs)
        {
            var race = new Race(
                new Contender("DigitML", Environment.ProcessorCount, count => TrainOurs(options, hidden, batchSize, count)),
                scripts.Trainers(hidden, batchSize),
                measure);
            race.Qualify(shortEpochs, qualifying);
            race.Run(options.Rounds, epochs);
            race.AddTo(table);
        }
    }

    /// <summary>This very program.</summary>
    /// <param name="arguments">A mode and its options.</param>
    public static ProcessStartInfo Own(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(PeersRun).Assembly.Location] : [];
        return new ProcessStartInfo(program, [.. assembly, .. arguments]);
    }

    private static string Write(PeersOptions options, PeerScripts scripts, MarkdownTable table, MarkdownTable qualifying)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {options.Rounds} rounds in turns, every run a process of its own. Training: 48,000 images of MNIST and a validation");
        text.AppendLine("pass over 12,000 each epoch; the clock runs from before the first batch to the trained model, data already in memory,");
        text.AppendLine("our just-in-time compilation included. One image: `Mlp.Predict` into the caller's buffer on one thread, after warming up.");
        if (options.Hogs > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Beside everything measured: {options.Hogs} busy {(options.Hogs == 1 ? "loop" : "loops")} at normal priority.");
        }

        text.AppendLine("Memory is the most that the whole process had resident, reading MNIST from disk included; accuracy is on MNIST's test set.");
        text.AppendLine();
        text.Append(table);
        if (scripts.HasTorch || scripts.HasSklearn)
        {
            text.AppendLine();
            text.AppendLine("Each peer ran a short piece at each number of threads; the best, and who came within 15 % of it, went on:");
            text.AppendLine();
            text.Append(qualifying);
        }

        foreach (var absent in scripts.Absent)
        {
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"Absent: {absent}.");
        }

        return text.ToString();
    }

    private static ProcessStartInfo TrainOurs(PeersOptions options, string hidden, int batchSize, int epochs, params string[] more) =>
        Ours(["train", "--data", options.DataFolder, "--hidden", hidden, "--batch-size", Text(batchSize), "--epochs", Text(epochs), .. more]);

    private static ProcessStartInfo Ours(params string[] arguments) => Own(arguments.Prepend("work"));

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{Text(count)} epochs";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

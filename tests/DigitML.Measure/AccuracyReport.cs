using System.Globalization;
using System.Text;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Measure;

/// <summary>
/// Writes <c>artifacts/accuracy.md</c>: what the recipes reach on MNIST, from the folders that <c>digitml train</c> wrote, and what each option of
/// training brings by itself, on validation data alone.
/// </summary>
internal static class AccuracyReport
{
    private const int HeldOut = 10_000;

    private static readonly AugmentationOptions s_affine = new() { RotationDegrees = 12, Slant = 0.2f, Scale = 0.15f, Shift = 1 };

    private static readonly AugmentationOptions s_fields = new() { ElasticAlpha = 36, ElasticSigma = 5.5f };

    private static readonly AugmentationOptions s_all = s_affine with { ElasticAlpha = 36, ElasticSigma = 5.5f, StrokeWidth = 0.3f };

    /// <summary>Networks that teach another; of other seeds, and of the same split.</summary>
    private const int Teachers = 3;

    /// <summary>Small enough to train three times over for every option; none of the options is part of it.</summary>
    private static readonly MlpOptions s_base = new()
    {
        HiddenLayers = [512, 256],
        BatchSize = 128,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
    };

    private static readonly (string Name, string Source, Func<MlpOptions, MlpOptions> With)[] s_options =
    [
        ("none of them", "", options => options),
        ("dropout of hidden units, 0.3", "Srivastava et al. 2014", options => options with { Dropout = 0.3f }),
        ("the same, and max-norm 3", "Srivastava et al. 2014", options => options with { Dropout = 0.3f, MaxNorm = 3 }),
        ("dropout of inputs, 0.1", "Srivastava et al. 2014", options => options with { InputDropout = 0.1f }),
        ("batch normalisation", "Ioffe and Szegedy 2015", options => options with { BatchNormalization = true }),
        ("the same, and noise on its sums, 0.3", "Rasmus et al. 2015", options => options with { BatchNormalization = true, HiddenNoise = 0.3f }),
        ("weight decay, 0.02", "Loshchilov and Hutter 2019", options => options with { WeightDecay = 0.02f }),
        ("label smoothing, 0.05", "Szegedy et al. 2016", options => options with { LabelSmoothing = 0.05f }),
        ("moving average of weights, 0.999", "Polyak and Juditsky 1992", options => options with { AverageDecay = 0.999f }),
        ("Mixup, 0.2", "Zhang et al. 2018", options => options with { Augmentation = new() { Mixup = 0.2f } }),
        ("turned, slanted, scaled, moved", "Simard et al. 2003; Cireşan et al. 2010", options => options with { Augmentation = s_affine }),
        ("elastic fields, α 36, σ 5.5", "Simard et al. 2003", options => options with { Augmentation = s_fields }),
        ("both, and strokes of other widths", "Cireşan et al. 2010", options => options with { Augmentation = s_all }),
        ("taught by a committee of three like it", "Hinton, Vinyals and Dean 2015", options => options with { Distillation = new() }),
        ("both, strokes, and taught by three like it", "Hinton, Vinyals and Dean 2015", options => options with { Augmentation = s_all, Distillation = new() }),
    ];

    /// <summary>Trains for the options' table, some minutes, reads the recipes' records, and writes.</summary>
    public static void Write(string file, Mnist digits, CommandOptions options, TextWriter output)
    {
        var (seeds, epochs) = (options.Number("seeds", 3), options.Number("epochs", 12));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("# Accuracy on MNIST");
        text.WriteLine();
        text.WriteLine(FormattableString.Invariant($"{DateTime.UtcNow:yyyy-MM-dd}, by `dotnet run --project tests/DigitML.Measure -c Release -- accuracy artifacts/accuracy.md --runs DIR --seeds {seeds} --epochs {epochs}`, where DIR has the folders that the commands of the first table wrote."));
        text.WriteLine();
        Recipes(text, options.Text("runs"), digits.Test);
        text.WriteLine("## What each option brings");
        text.WriteLine();
        text.WriteLine(FormattableString.Invariant($"A network 784-512-256-10, {epochs} epochs, batches of 128, Adam at 0.0015 with a cosine, trained on 50,000 of MNIST's training digits and validated on the other 10,000 after the last epoch; no test digit was looked at. Means over seeds 1 to {seeds}, which draw the split too, with the least and the most. The same bytes on every machine of one vector width."));
        text.WriteLine();
        text.WriteLine("| option | source | validation accuracy | least to most | gain, points |");
        text.WriteLine("|---|---|---|---|---|");
        var plain = double.NaN;
        foreach (var (name, source, with) in s_options)
        {
            var found = Enumerable.Range(1, seeds).Select(seed => Validate(digits.Train, with(s_base) with { Epochs = epochs, Seed = seed, ValidationFraction = HeldOut / (double)digits.Train.Count })).ToArray();
            plain = double.IsNaN(plain) ? found.Average() : plain;
            var line = FormattableString.Invariant($"| {name} | {source} | {found.Average() * 100:F2} % | {found.Min() * 100:F2} to {found.Max() * 100:F2} | {(found.Average() - plain) * 100:+0.00;-0.00;0.00} |");
            text.WriteLine(line);
            output.WriteLine(line);
        }

        AtomicFile.Write(file, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static double Validate(LabelledImages images, MlpOptions options)
    {
        var data = TrainingData.Split(images, options.ValidationFraction, options.Seed);
        var teacher = options.Distillation is null
            ? null
            : MlpEnsemble.Join([.. Enumerable.Range(1, Teachers).Select(i => new MlpTrainer(options with { Distillation = null, Seed = options.Seed + (100 * i) }).Fit(data).Model)]);
        return new MlpTrainer(options) { Teacher = teacher }.Fit(data).History.Epochs[^1].ValidationAccuracy!.Value;
    }

    private static void Recipes(StringWriter text, string? runs, LabelledImages test)
    {
        text.WriteLine("## Recipes");
        text.WriteLine();
        text.WriteLine("Test accuracy was read once for each figure, of the model that the command wrote; in views, it is that of `digitml evaluate --views`, the mean of the model's answers to thirteen views of each digit.");
        text.WriteLine();
        text.WriteLine("| command | networks | parameters of each | validation accuracy | MNIST's test digits right | 95 % interval | in views | 95 % interval | trained |");
        text.WriteLine("|---|---|---|---|---|---|---|---|---|");
        string[] folders = runs is null ? [] : Directory.GetDirectories(runs);
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            var members = Directory.GetDirectories(folder, "member-*").Length;
            var histories = members == 0 ? [Path.Combine(folder, "history.json")] : Enumerable.Range(1, members).Select(member => Path.Combine(folder, FormattableString.Invariant($"member-{member}"), "history.json")).ToArray();
            if (!histories.All(File.Exists) || !File.Exists(Path.Combine(folder, "evaluation.json")))
            {
                continue;
            }

            var trained = Array.ConvertAll(histories, TrainingHistory.Load);
            var evaluation = EvaluationResult.Load(Path.Combine(folder, "evaluation.json"));
            var views = Mlp.Load(Path.Combine(folder, "digits.onnx")).Evaluate(test, options: new EvaluationOptions { AverageViews = true });
            var recipe = Path.GetFileName(folder);
            var accuracies = trained.Select(history => history.Epochs[history.BestEpoch - 1].ValidationAccuracy!.Value * 100).ToArray();
            var validation = members == 0 ? FormattableString.Invariant($"{accuracies[0]:F2} %") : FormattableString.Invariant($"{accuracies.Min():F2} to {accuracies.Max():F2} % of each");
            text.WriteLine(FormattableString.Invariant($"| `digitml train --recipe {recipe} --seed {trained[0].Options.Seed}` | {trained.Length} | {trained[0].Parameters:N0} | {validation} | {evaluation.MicroAccuracy * 100:F2} % | {Interval(evaluation)} | {views.MicroAccuracy * 100:F2} % | {Interval(views)} | {trained.Sum(history => history.TrainSeconds) / 60:F0} min |"));
        }

        text.WriteLine();

        static string Interval(EvaluationResult result) => FormattableString.Invariant($"{result.AccuracyInterval.Lower * 100:F2} to {result.AccuracyInterval.Upper * 100:F2}");
    }
}

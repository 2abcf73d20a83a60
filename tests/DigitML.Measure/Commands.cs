using System.Globalization;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Measure;

/// <summary>
/// Makes pictures like those that people upload, and measures a model's reading of them. MNIST is looked for where the
/// library looks for it, or in <c>--data</c>: pictures to measure with come from its test digits, training frames from its training digits, and
/// whoever tunes a rule takes digits that the shipped network did not train on but validate, <c>--digits validation</c>.
/// </summary>
internal static class Commands
{
    private const string Usage = """
        make DIR            writes made pictures, labels.csv and a sheet [--count N] [--kind TEXT] [--seed S]
        samples DIR         writes the repository's data/samples, from synthetic digits
        frames DIR          writes training images as IDX                 [--count N] [--junk SHARE] [--seed S]
        kinds MODEL         reads made pictures, kind by kind             [--count N] [--kind TEXT] [--seed S] [--failures DIR]
        folder MODEL DIR    reads pictures of single digits with their labels.csv
        mnist MODEL         reads MNIST's test digits as pictures, both polarities
        refusals MODEL      what is refused when 99 % of MNIST is kept    [--letters DIR]
        report FILE         all of them for the shipped model, as Markdown        [--count N] [--seed S] [--letters DIR]
        segments MODEL FILE learns what the reader's segments cost        [--count N] [--kind TEXT] [--seed S] [--wrong N]
        lines FILE          trains the network that slides along lines    [--count N] [--epochs N] [--seed S]
        accuracy FILE       trains with each option and reads recipes' records    [--runs DIR] [--seeds N] [--epochs N]
        all take            [--data DIR]; make, kinds and frames take [--digits test|train|training|validation]
        """;

    /// <summary>Runs a command.</summary>
    public static int Run(string[] args, TextWriter output)
    {
        var arguments = args.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
        var options = new CommandOptions(args.AsSpan(arguments.Length));
        switch (arguments)
        {
            case ["make", var folder]:
                Make(folder, Source(options, "test"), options);
                return 0;
            case ["report", var file]:
                ReadingReport.Write(file, Digits(options).Test, options);
                return 0;
            case ["accuracy", var file]:
                AccuracyReport.Write(file, Digits(options), options, output);
                return 0;
            case ["samples", var folder]:
                SamplePictures.Write(folder);
                return 0;
            case ["frames", var folder]:
                Frames(folder, Source(options, "train"), options);
                return 0;
            case ["kinds", var model]:
                new KindMeasurement(Mlp.Load(model), Source(options, "test"), options).Run(output);
                return 0;
            case ["segments", var model, var file]:
                new SegmentLearning(Mlp.Load(model), Source(options, "validation"), options, file).Run(output);
                return 0;
            case ["lines", var file]:
                new LineLearning(Source(options, "training"), options, file).Run(output);
                return 0;
            case ["folder", var model, var folder]:
                ModelMeasurement.Folder(Mlp.Load(model), folder, output);
                return 0;
            case ["mnist", var model]:
                ModelMeasurement.Mnist(Mlp.Load(model), Digits(options).Test, output);
                return 0;
            case ["refusals", var model]:
                ModelMeasurement.Refusals(Mlp.Load(model), Digits(options).Test, options, output);
                return 0;
            default:
                output.WriteLine(Usage);
                return 1;
        }
    }

    private static Mnist Digits(CommandOptions options) =>
        Mnist.LoadAsync(new MnistOptions { Folder = options.Text("data"), AllowDownload = false }).GetAwaiter().GetResult();

    /// <summary>The digits that pictures are made of.</summary>
    private static LabelledImages Source(CommandOptions options, string otherwise) => (options.Text("digits") ?? otherwise) switch
    {
        "test" => Digits(options).Test,
        "train" => Digits(options).Train,
        "training" => TrainingData.Split(Digits(options).Train, ReaderTrainer.Recipe.ValidationFraction, ReaderTrainer.Recipe.Seed).TrainingImages(),
        "validation" => TrainingData.Split(Digits(options).Train, ReaderTrainer.Recipe.ValidationFraction, ReaderTrainer.Recipe.Seed).ValidationImages(),
        var other => throw new ArgumentException($"--digits must be test, validation, training or train; got '{other}'."),
    };

    private static void Make(string folder, LabelledImages digits, CommandOptions options)
    {
        Directory.CreateDirectory(folder);
        var lines = new List<string> { "file,label" };
        var count = options.Number("count", 20);
        var columns = Math.Min(count, 12);
        var sheet = new List<GreyImage>();
        foreach (var kind in MadeKinds.Matching(options.Text("kind")))
        {
            var source = MadeKinds.SourceFor(kind, digits, options.Number("seed", 1));
            for (var i = 0; i < count; i++)
            {
                var made = MadeKinds.Make(kind, source);
                var file = FormattableString.Invariant($"{kind}-{i:D4}.png");
                PngEncoder.Save(Path.Combine(folder, file), made.Image);
                if (i < columns)
                {
                    sheet.Add(made.Image);
                }

                lines.Add($"{file},{made.Text.Replace('\n', ' ')}");
            }
        }

        PngEncoder.Save(Path.Combine(folder, "sheet.png"), ContactSheet.Make(sheet, columns, 90));
        File.WriteAllLines(Path.Combine(folder, "labels.csv"), lines);
    }

    private static void Frames(string folder, LabelledImages digits, CommandOptions options)
    {
        Directory.CreateDirectory(folder);
        var share = double.Parse(options.Text("junk") ?? "0.2", CultureInfo.InvariantCulture);
        var (frames, outliers) = ReaderDigits.Create(options.Number("count", 10_000), share, digits, options.Number("seed", 1));
        IdxWriter.WriteImages(frames, Path.Combine(folder, "images-idx3-ubyte"), Path.Combine(folder, "labels-idx1-ubyte"));
        var shown = Enumerable.Range(0, Math.Min(600, frames.Count)).OrderBy(frames.Label).Select(i => new GreyImage(28, 28, frames.Image(i).ToArray()))
            .Concat(Enumerable.Range(0, Math.Min(150, outliers.Count)).Select(i => new GreyImage(28, 28, outliers.Image(i).ToArray())));
        PngEncoder.Save(Path.Combine(folder, "sheet.png"), ContactSheet.Make([.. shown], 30, 28));
    }
}

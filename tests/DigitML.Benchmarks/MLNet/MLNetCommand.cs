using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DigitML.Benchmarks.Peers;
using DigitML.Benchmarks.Reporting;
using DigitML.IO;

namespace DigitML.Benchmarks.MLNet;

/// <summary><c>mlnet</c>: our trainer beside ML.NET's own, every trainer on every data set, each in a process of its own.</summary>
internal sealed class MLNetCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _minutes = CommonOptions.Positive("--minutes", "Minutes after which a run is ended and counts as not finished.", 10);
    private readonly Option<string> _results = new("--results") { Description = "Where each result is kept as a line of JSON; those that are there are not measured again.", DefaultValueFactory = _ => "out/mlnet.jsonl", HelpName = "FILE" };
    private readonly Option<string?> _output = new("--output") { Description = "Where the tables go; standard output when not given.", HelpName = "FILE" };
    private readonly Option<string?> _only = new("--only") { Description = "One data set.", HelpName = "NAME" };

    /// <summary>Creates the command.</summary>
    public MLNetCommand()
        : base("mlnet", "Our trainer beside ML.NET's LightGBM, SDCA, L-BFGS and FastForest: accuracy, log-loss, seconds, size.")
    {
        Options.Add(_data);
        Options.Add(_minutes);
        Options.Add(_results);
        Options.Add(_output);
        Options.Add(_only);
        SetAction(Run);
        var trainer = new Argument<string>("trainer");
        var dataSet = new Argument<string>("data set");
        var folder = new Option<string>("--folder") { Required = true };
        var one = new Command("one", "One trainer on one data set.") { trainer, dataSet, folder };
        one.Hidden = true;
        one.SetAction(parse => Console.WriteLine(MLNetRun.Measure(parse.GetRequiredValue(trainer), parse.GetRequiredValue(dataSet), parse.GetRequiredValue(folder))));
        Subcommands.Add(one);
    }

    private void Run(ParseResult parse)
    {
        var mnist = MnistPlace.Find(parse.GetValue(_data)) ?? throw new DigitException("mlnet needs MNIST; name its folder with --data.");
        var results = parse.GetRequiredValue(_results);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(results))!);
        var tables = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(results))!, "mlnet-data");
        SklearnTables.Write(tables);
        var done = File.Exists(results) ? File.ReadLines(results).Select(line => JsonSerializer.Deserialize<MLNetResult>(line)!).ToList() : [];
        foreach (var dataSet in MLNetRun.DataSets.Where(name => parse.GetValue(_only) is not { } only || only == name))
        {
            foreach (var trainer in MLNetRun.Trainers.Where(trainer => MLNetRun.IsMeant(trainer, dataSet) && !done.Exists(result => result.Trainer == trainer && result.DataSet == dataSet)))
            {
                Progress.Say($"{trainer} on {dataSet}");
                var start = new ProcessStartInfo(Environment.ProcessPath!, ["mlnet", "one", trainer, dataSet, "--folder", MLNetRun.IsMnist(dataSet) ? mnist : tables]);
                var child = ChildRun.Of(start, TimeSpan.FromMinutes(parse.GetValue(_minutes)));
                var result = child is null
                    ? new MLNetResult(trainer, dataSet, 0, 0, 60 * parse.GetValue(_minutes), 0, false)
                    : child.Figures.Deserialize<MLNetResult>()!;
                done.Add(result);
                File.AppendAllText(results, JsonSerializer.Serialize(result) + "\n");
            }
        }

        var text = Text(done, parse.GetValue(_minutes));
        if (parse.GetValue(_output) is { } file)
        {
            AtomicFile.Write(file, System.Text.Encoding.UTF8.GetBytes(text));
        }
        else
        {
            Console.WriteLine(text);
        }
    }

    private static string Text(List<MLNetResult> results, int minutes)
    {
        var text = new System.Text.StringBuilder("# Beside ML.NET's trainers\n\n").Append(Machine.Describe().ReplaceLineEndings("\n")).Append('\n');
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            Every trainer with its defaults and seed 1, in a process of its own, the same rows in the same order. Seconds are those of `Fit`,
            preparation included; the size is that of the zip that `mlContext.Model.Save` writes. A run was ended after {minutes} minutes. MNIST is
            tested on its 10,000 test digits; of the tables of scikit-learn (digits are 8×8 pixels from 0 to 16) every row is predicted once,
            in five folds, and seconds are all five's. Before linear trainers stands `NormalizeMinMax`; ours finds its own scaling.


            """).ReplaceLineEndings("\n"));
        foreach (var dataSet in results.Select(result => result.DataSet).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"## {MLNetRun.TitleOf(dataSet)}\n\n");
            var table = new MarkdownTable("trainer", "accuracy", "log-loss", "seconds", "size");
            foreach (var result in results.Where(result => result.DataSet == dataSet).OrderByDescending(result => result.Accuracy))
            {
                table.Add(
                    MLNetRun.NameOf(result.Trainer),
                    result.Finished ? string.Create(CultureInfo.InvariantCulture, $"{100 * result.Accuracy:0.00} %") : "not finished",
                    result.Finished ? result.LogLoss.ToString("0.0000", CultureInfo.InvariantCulture) : "–",
                    result.Finished ? Figure.Of(result.Seconds) : $"over {result.Seconds:0}",
                    result.Finished ? string.Create(CultureInfo.InvariantCulture, $"{result.Bytes / 1024.0:0} KiB") : "–");
            }

            text.Append(table.ToString().ReplaceLineEndings("\n")).Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>One trainer on one data set.</summary>
/// <param name="Trainer">Which trainer.</param>
/// <param name="DataSet">Which data.</param>
/// <param name="Accuracy">Share classified correctly, 0 to 1; higher is better.</param>
/// <param name="LogLoss">In nats; lower is better.</param>
/// <param name="Seconds">Of <c>Fit</c>, or for how long it was waited for.</param>
/// <param name="Bytes">Of the saved model.</param>
/// <param name="Finished">Whether it came to an end.</param>
internal sealed record MLNetResult(string Trainer, string DataSet, double Accuracy, double LogLoss, double Seconds, long Bytes, bool Finished);

using System.Text.Json;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Cli.Commands;

/// <summary>Trains networks that differ in their seeds alone, one after the other on the same split, and joins them.</summary>
/// <param name="terminal">Where the command speaks.</param>
/// <param name="talk">Where it tells how it goes.</param>
/// <param name="train">Trains one network: its options, the data, its number from 1.</param>
internal sealed class CommitteeRun(Terminal terminal, Terminal talk, Func<MlpOptions, DataPair, int, CancellationToken, TrainingResult> train)
{
    /// <summary>Where a member's files go.</summary>
    public static string FolderOf(string folder, int member) => Path.Combine(folder, Invariant($"member-{member}"));

    /// <summary>Trains, joins, evaluates and writes.</summary>
    public int Run(MlpOptions options, int count, DataPair data, string output, bool json, bool quiet, CancellationToken cancellationToken)
    {
        var pair = Split(data, options);
        var members = new List<TrainingResult>();
        for (var member = 1; member <= count && !cancellationToken.IsCancellationRequested; member++)
        {
            var own = options with { Seed = unchecked(options.Seed + member - 1) };
            talk.SayMarkup(Invariant($"[bold]Network {member} of {count}[/], seed {own.Seed}"));
            var result = train(own, pair, member, cancellationToken);
            if (result.History.StopReason == StopReason.Diverged)
            {
                throw new DigitException(Invariant($"Network {member}: {result.Warning}"));
            }

            if (result.History.BestEpoch > 0)
            {
                members.Add(result);
                var folder = FolderOf(output, member);
                Directory.CreateDirectory(folder);
                result.Model.Save(Path.Combine(folder, NameOf(result.Model)));
                result.History.Save(Path.Combine(folder, "history.json"));
            }

            talk.Say();
        }

        if (members.Count == 0)
        {
            throw new OperationCanceledException();
        }

        return Write(members, pair, output, options.Threads, json, quiet, cancellationToken.IsCancellationRequested);
    }

    private int Write(List<TrainingResult> members, DataPair data, string output, int threads, bool json, bool quiet, bool isCancelled)
    {
        var model = members.Count == 1 ? members[0].Model : MlpEnsemble.Join([.. members.Select(member => member.Model)]);
        var file = Path.Combine(output, NameOf(model));
        var records = Path.Combine(output, "evaluation.json");
        var validation = data.Validation is { } held ? model.Evaluate(held, threads, CancellationToken.None) : null;
        var evaluation = model.Evaluate(data.Test, threads, CancellationToken.None);
        model.Save(file);
        evaluation = evaluation with { ModelHash = FileHash.Of(file) };
        evaluation.Save(records);
        var own = string.Join(", ", members.Select(member => Percent.Format(member.History.Epochs[member.History.BestEpoch - 1].ValidationAccuracy ?? double.NaN, none: "-")));
        talk.Say(Invariant($"Validation accuracy of each: {own}; of all together: {(validation is null ? "-" : Percent.Format(validation.MicroAccuracy))}"));
        talk.Say();
        EvaluationView.Show(talk, evaluation, data.Test.Images is null ? "rows" : "images");
        talk.Say();
        talk.Say($"Written: {file}, {records}, and each network with its history in {FolderOf(output, 1)} and so on");
        talk.Say($"Next:    digitml evaluate --model {file}");
        if (json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    evaluation.Dataset,
                    Synthetic = evaluation.IsSynthetic || members[0].History.IsSynthetic,
                    Accuracy = evaluation.MicroAccuracy,
                    evaluation.AccuracyInterval,
                    evaluation.LogLoss,
                    ValidationAccuracy = validation?.MicroAccuracy,
                    Members = members.Count,
                    TrainSeconds = members.Sum(member => member.History.TrainSeconds),
                    Model = file,
                    Evaluation = records,
                },
                JsonSerializerOptions.Web));
        }
        else if (quiet)
        {
            terminal.Say($"{SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic)}: accuracy {Percent.Format(evaluation.MicroAccuracy)}, {file}");
        }

        if (isCancelled)
        {
            terminal.Complain("note", Invariant($"Cancelled: the model is of {members.Count} {(members.Count == 1 ? "network" : "networks")}, the last one as far as it was trained."));
        }

        return ExitCode.Done;
    }

    /// <summary>The same images validate all members, so that the ensemble can be judged by them.</summary>
    private static DataPair Split(DataPair data, MlpOptions options)
    {
        if (data.Validation is not null || options.ValidationFraction == 0 || data.Train.Images is not { } images)
        {
            return data.Train.Images is null ? throw new DigitException("--recipe committee trains on pictures; for a table take --recipe thesis or fast.") : data;
        }

        try
        {
            var split = TrainingData.Split(images, options.ValidationFraction, options.Seed);
            return data with
            {
                Train = new DataContent(split.TrainingImages(), data.Train.Decision),
                Validation = new DataContent(split.ValidationImages(), data.Train.Decision),
            };
        }
        catch (ArgumentException error)
        {
            throw new DigitException(error.Message, error);
        }
    }

    private static string NameOf(Mlp model) => model.ClassNames.Count == 0 ? "digits.onnx" : "model.onnx";
}

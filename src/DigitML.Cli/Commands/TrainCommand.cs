using System.CommandLine;
using System.Text.Json;
using DigitML.Cli.Options;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;
using DigitML.Training;
using Spectre.Console;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml train</c>: loads, trains with a live table, evaluates on the test set and writes the model and its records.</summary>
internal sealed class TrainCommand : Command
{
    private const int SampleCount = 10;
    private readonly Terminal _terminal;
    private readonly TrainingOptionSet _training = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print also where the time went, phase by phase." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print the result alone." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as one line of JSON, and nothing else." };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder that digits.onnx (model.onnx when the classes are not digits), history.json and evaluation.json go to.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "out",
    };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "A folder to keep the state of the training in after each epoch, the newest two. Broken off at any moment, the same command goes on from there and ends in the same model.",
        HelpName = "DIR",
    };

    private readonly Option<double?> _checkpointMinutes = OptionOf.Number<double>("--checkpoint-minutes", "With --checkpoint: least time from one state kept to the next; 0, the default, keeps that of every epoch.");

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public TrainCommand(Terminal terminal)
        : base("train", "Trains a model, evaluates it and writes it. Ctrl+C ends early and keeps what is learnt.")
    {
        _terminal = terminal;
        Options.Add(_output);
        _data.AddTo(this);
        _training.AddTo(this);
        Options.Add(_checkpoint);
        Options.Add(_checkpointMinutes);
        Options.Add(_verbose);
        Options.Add(_quiet);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        // Everything that can be wrong with the command line is found before the first minute of work.
        var options = _training.Read(parse);
        var members = _training.Members(parse);
        var teacher = _training.Teacher(parse);
        var output = parse.GetRequiredValue(_output);
        OutputFolder.Check(output, "--output");
        var checkpoints = Checkpoints(parse, members is null ? null : 1);
        var talk = parse.GetValue(_quiet) || parse.GetValue(_json) ? _terminal.Hushed() : _terminal;

        var data = await _data.LoadAsync(parse, _terminal, talk, cancellationToken);

        // From here on there is something to keep, and the running batch ends soon.
        using var kept = KeptWork.Begin();
        var reader = _training.IsReader(parse) ? new ReaderTrainer(options) { MeasurePhases = parse.GetValue(_verbose), Checkpoints = checkpoints, Teacher = teacher } : null;
        if (data.Train.Table is { } table && !_training.HasEpochs(parse))
        {
            options = options.ForTable(table.Count, hasValidation: data.Validation is not null);
        }

        SayPlan(talk, options, _training.RecipeName(parse), data.Train, reader?.MadeImages ?? 0);
        if (members is { } count)
        {
            var committee = new CommitteeRun(_terminal, talk, (own, pair, member, token) => Train(null, own, talk, pair, teacher, member == 1 ? checkpoints : Checkpoints(parse, member), parse.GetValue(_verbose), token));
            return committee.Run(options, count, data, output, parse.GetValue(_json), parse.GetValue(_quiet), cancellationToken);
        }

        var result = Train(reader, options, talk, data, teacher, checkpoints, parse.GetValue(_verbose), cancellationToken);
        var history = result.History;
        if (history.BestEpoch == 0)
        {
            throw history.StopReason == StopReason.Cancelled
                ? new OperationCanceledException()
                : new DigitException($"{_training.AsTyped(result.Warning!)} Nothing was written, because no epoch was completed.");
        }

        // A cancelled run still measures and keeps what it has; that takes a moment only.
        var files = Files.In(output, IsOfDigits(result.Model));
        Directory.CreateDirectory(output);
        var evaluation = result.Model.Evaluate(data.Test, options.Threads, CancellationToken.None);
        result.Model.Save(files.Model);
        evaluation = evaluation with { ModelHash = FileHash.Of(files.Model) };
        history.Save(files.History);
        evaluation.Save(files.Evaluation);

        SayEnd(talk, result, data.Test.Images, evaluation, files);
        if (parse.GetValue(_json))
        {
            _terminal.Output.WriteLine(JsonSerializer.Serialize(Summary.Of(history, evaluation, files), JsonSerializerOptions.Web));
        }
        else if (parse.GetValue(_quiet))
        {
            _terminal.Say($"{SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic)}: accuracy {Percent.Format(evaluation.MicroAccuracy)}, {files.Model}");
        }

        var failure = history.StopReason == StopReason.Diverged ? result.Warning : NothingLearnt(evaluation, options);
        if (failure is null && InputDoubt.IsNearChance(evaluation) && DoubtOf(result.Model, data.Test, evaluation) is { } doubt)
        {
            _terminal.Complain("note", doubt);
        }

        if ((failure ?? result.Warning) is { } warning)
        {
            _terminal.Complain(failure is null ? "note" : "error", _training.AsTyped(warning));
        }

        return failure is null ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Says that a model knows no more than which class is the most frequent; null when it does.</summary>
    /// <remarks>
    /// Both must speak for it: right answers that may be chance, and a loss no lower than that of always giving the classes' shares. A short
    /// run on a few digits has the one or the other, but hardly both.
    /// </remarks>
    internal static string? NothingLearnt(EvaluationResult evaluation, MlpOptions options)
    {
        var mostFrequent = (double)evaluation.PerClass.Max(metrics => metrics.Support) / evaluation.Count;
        return evaluation.AccuracyInterval.Lower <= mostFrequent && evaluation.LogLossReduction is <= 0
            ? FormattableString.Invariant($"Nothing was learnt: the accuracy of {Percent.Format(evaluation.MicroAccuracy)} is no more than always giving the most frequent class gets, {Percent.Format(mostFrequent)}. Lower {nameof(MlpOptions.LearningRate)} ({options.LearningRate}), or train for longer.")
            : null;
    }

    private CheckpointFolder? Checkpoints(ParseResult parse, int? member)
    {
        var minutes = parse.GetValue(_checkpointMinutes);
        if (minutes is not null and not (>= 0 and <= 1e6))
        {
            throw new DigitException(Invariant($"--checkpoint-minutes must be 0 to 1000000; got {minutes}."));
        }

        if (parse.GetValue(_checkpoint) is not { } folder)
        {
            return minutes is null ? null : throw new DigitException("--checkpoint-minutes needs --checkpoint DIR, the folder that states are kept in.");
        }

        OutputFolder.Check(folder, "--checkpoint");
        return new CheckpointFolder(member is null ? folder : CommitteeRun.FolderOf(folder, member.Value)) { Interval = TimeSpan.FromMinutes(minutes ?? 0), Notice = line => _terminal.Complain("note", line) };
    }

    private TrainingResult Train(ReaderTrainer? reader, MlpOptions options, Terminal talk, DataPair data, Mlp? teacher, CheckpointFolder? checkpoints, bool measurePhases, CancellationToken cancellationToken)
    {
        var view = new EpochView(talk, data.Train.Images?.IsSynthetic == true);
        try
        {
            if (reader is not null)
            {
                return reader.Fit(data.Train.Images ?? throw new DigitException("--recipe reader makes pictures of digits; a table has none. Take --recipe thesis or fast."), view, cancellationToken);
            }

            if (data.Train.Table is not null && options.Augmentation is not null)
            {
                // It changes pictures, and a table has none.
                options = options with { Augmentation = null };
            }

            var trainer = new MlpTrainer(options) { MeasurePhases = measurePhases, Checkpoints = checkpoints, Teacher = teacher };
            return (data.Train.Images, data.Validation) switch
            {
                ({ } images, null) => trainer.Fit(images, view, cancellationToken),
                ({ } images, { } validation) => trainer.Fit(new TrainingData(images, validation.Images), view, cancellationToken),
                (null, null) => trainer.Fit(data.Train.Table!, view, cancellationToken),
                (null, { } validation) => trainer.Fit(new TrainingData(data.Train.Table!, validation.Table), view, cancellationToken),
            };
        }
        catch (DigitException error) when (checkpoints is not null)
        {
            throw new DigitException(_training.AsTyped(error.Message), error);
        }
        catch (ArgumentException error)
        {
            // The options were checked before, so it is these data that they do not fit.
            throw new DigitException(_training.AsTyped(error.Message), error);
        }
    }

    private static string? DoubtOf(Mlp model, DataContent test, EvaluationResult evaluation) =>
        test.Images is { } images
            ? InputDoubt.Of(model, images, evaluation, CancellationToken.None)
            : $"{Percent.Format(evaluation.MicroAccuracy)} right, which is near chance: are the labels shuffled, or is --label-column another column?";

    private static bool IsOfDigits(Mlp model) => model is { FeatureNormalization: null, ClassNames.Count: 0 };

    private static void SayPlan(Terminal talk, MlpOptions options, string recipe, DataContent data, int madeImages)
    {
        var (inputs, classes) = data.Images is { } images ? (images.PixelsPerImage, images.ClassCount) : (data.Table!.FeatureCount, data.Table.ClassCount);
        var network = Mlp.ShapeOf([inputs, .. options.HiddenLayers, classes]);
        var schedule = options.Schedule == LearningRateSchedule.Constant ? "" : $", {options.Schedule.ToString().ToLowerInvariant()} schedule";
        talk.Say();
        talk.SayMarkup(Invariant($"[bold]Training {network}[/] by recipe {recipe}, seed {options.Seed}"));
        talk.Say(FormattableString.Invariant($"  {options.Epochs} {(options.Epochs == 1 ? "epoch" : "epochs")} in batches of {options.BatchSize}, {options.Optimizer} at {options.LearningRate}{schedule}, {Percent.Format(options.ValidationFraction, 0, most: 1)} to validate on{(options.Augmentation is null ? "" : ", augmented")}{(options.Distillation is { } teaching ? $", {Percent.Format(teaching.Share, 0, most: 1)} of the loss from the teacher's answers" : "")}"));
        if (madeImages > 0)
        {
            talk.Say(FormattableString.Invariant($"  {madeImages:N0} images more are made of the digits before the first epoch, which takes minutes"));
        }

        talk.Say();
    }

    private static void SayEnd(Terminal talk, TrainingResult result, LabelledImages? test, EvaluationResult evaluation, Files files)
    {
        var history = result.History;
        var best = history.Epochs[history.BestEpoch - 1];
        var name = EvaluationView.NameOf(evaluation);
        talk.Say();
        talk.Say(FormattableString.Invariant($"Trained {history.Parameters:N0} parameters in {history.TrainSeconds:F1} s on {history.Threads} {(history.Threads == 1 ? "thread" : "threads")}."));
        var figure = best.ValidationLoss is { } loss ? FormattableString.Invariant($", validation loss {loss:F4}{SyntheticDigits.NoteOf(history.IsSynthetic)}") : "";
        talk.Say(Invariant($"The model is that of epoch {history.BestEpoch}{figure}."));
        if (result.Phases.Count > 0)
        {
            talk.Say();
            PhaseView.Show(talk, result);
        }

        talk.Say();
        EvaluationView.Show(talk, evaluation, test is null ? "rows" : "images");
        if (test is not null)
        {
            talk.Say();
            talk.SayMarkup($"[bold]Samples of {Spectre.Console.Markup.Escape(name)}[/]");
            SampleView.Show(talk, result.Model, test, SampleView.Pick(test, SampleCount, history.Options.Seed));
            if (evaluation.MostConfidentlyWrong.Count > 0)
            {
                talk.Say();
                talk.SayMarkup($"[bold]The surest mistakes on {Spectre.Console.Markup.Escape(name)}[/]");
                SampleView.Show(talk, result.Model, test, [.. evaluation.MostConfidentlyWrong.Take(5).Select(mistake => mistake.Index)]);
            }
        }

        talk.Say();
        talk.Say($"Written: {files.Model}, {files.History}, {files.Evaluation}");
        talk.Say($"Next:    digitml evaluate --model {files.Model}");
    }

    /// <summary>What a run writes.</summary>
    private sealed record Files(string Model, string History, string Evaluation)
    {
        public static Files In(string folder, bool areDigits) =>
            new(Path.Combine(folder, areDigits ? "digits.onnx" : "model.onnx"), Path.Combine(folder, "history.json"), Path.Combine(folder, "evaluation.json"));
    }

    /// <summary>What <c>--json</c> prints.</summary>
    private sealed record Summary(
        string Dataset,
        bool Synthetic,
        double Accuracy,
        ConfidenceInterval AccuracyInterval,
        double LogLoss,
        int Epochs,
        int BestEpoch,
        string StopReason,
        double TrainSeconds,
        string Model,
        string History,
        string Evaluation)
    {
        public static Summary Of(TrainingHistory history, EvaluationResult evaluation, Files files) => new(
            evaluation.Dataset,
            evaluation.IsSynthetic || history.IsSynthetic,
            evaluation.MicroAccuracy,
            evaluation.AccuracyInterval,
            evaluation.LogLoss,
            history.Epochs.Count,
            history.BestEpoch,
            JsonNamingPolicy.CamelCase.ConvertName(history.StopReason.ToString()),
            history.TrainSeconds,
            files.Model,
            files.History,
            files.Evaluation);
    }
}

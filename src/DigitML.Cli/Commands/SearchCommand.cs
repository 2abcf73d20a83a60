using System.CommandLine;
using System.Text.Json;
using DigitML.AutoML;
using DigitML.AutoML.Programs;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.Cli.Options;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml search</c>: AutoML. Searches networks within a time or a number of trials, and writes the best with its table, charts and programs.</summary>
internal sealed class SearchCommand : Command
{
    private const int TopCount = 5;
    private readonly Terminal _terminal;
    private readonly SearchOptionSet _search = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<string?> _study = new("--study") { Description = "Where trials are kept: a file, or a PostgreSQL database that several machines share, such as 'Host=db;Username=me;Database=digitml'. Default: study.db in --output.", HelpName = "TEXT" };
    private readonly Option<string> _studyName = new("--study-name") { Description = "What the study is called there.", HelpName = "NAME", DefaultValueFactory = _ => "study" };
    private readonly Option<bool> _noRefit = new("--no-refit") { Description = "Search alone, as a worker among others: nothing is written but the study." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as one line of JSON, and nothing else." };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder that the study, the best model, its evaluation, report.html and the programs go to.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "out",
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public SearchCommand(Terminal terminal)
        : base("search", "AutoML: searches networks and settings for some minutes and keeps the best. Stopped and started again it goes on.")
    {
        _terminal = terminal;
        Options.Add(_output);
        _search.AddTo(this);
        Options.Add(_study);
        Options.Add(_studyName);
        Options.Add(_noRefit);
        _data.AddWithArgumentTo(this);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var experiment = _search.Read(parse);
        var output = parse.GetRequiredValue(_output);
        OutputFolder.Check(output, "--output");
        var talk = parse.GetValue(_json) ? _terminal.Hushed() : _terminal;
        var data = await _data.LoadAsync(parse, _terminal, talk, cancellationToken);
        if (data.Train.Images is { } images)
        {
            experiment.SetDataset(images, data.Validation?.Images);
        }
        else
        {
            experiment.SetDataset(data.Train.Table!, data.Validation?.Table);
        }

        ExperimentData split;
        try
        {
            split = experiment.ReadData();
            experiment.SetSearchSpace(_search.Change(parse, experiment.SpaceFor(split)));
        }
        catch (ArgumentException error)
        {
            throw new DigitException(error.Message, error);
        }

        Directory.CreateDirectory(output);
        await using var store = StudyStore.For(parse.GetValue(_study) ?? Path.Combine(output, "study.db"));
        var tuner = experiment.TunerFor(split);
        var view = new SearchView(talk, experiment.Metric, tuner.Rungs, split.IsSynthetic);
        experiment.SetStudy(store, parse.GetRequiredValue(_studyName)).SetMonitor(view).SetRefit(!parse.GetValue(_noRefit));
        talk.Say();
        talk.SayMarkup(Invariant($"[bold]Searching[/] by {tuner.Name} over {string.Join(", ", tuner.Rungs)} epochs, trials in {Spectre.Console.Markup.Escape(store.Name)}"));
        using var kept = KeptWork.Begin();
        ExperimentResult result;
        try
        {
            result = await view.ShowAsync(experiment.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            _terminal.Complain("note", $"Stopped. The trials are kept in {store.Name}; the same command goes on with them.");
            return ExitCode.Cancelled;
        }

        return result.Model is null ? SayEnd(parse, talk, result, null, [], "") : Finish(parse, talk, result, data, output, CommandOf(parse, store.Name));
    }

    private int Finish(ParseResult parse, Terminal talk, ExperimentResult result, DataPair data, string output, string command)
    {
        var model = Path.Combine(output, result.Model!.FileName);
        var evaluation = data.Test.Images is { } images ? result.Model.Evaluate(images) : result.Model.Evaluate(data.Test.Table!);
        result.Model.Save(model);
        evaluation = evaluation with { ModelHash = FileHash.Of(model) };
        var written = new List<string> { model, Path.Combine(output, "evaluation.json") };
        evaluation.Save(written[^1]);
        if (result.Model.History is { } history)
        {
            written.Add(Path.Combine(output, "history.json"));
            history.Save(written[^1]);
        }

        written.AddRange((StudyReport.Of(result, evaluation) with { Machine = HostMachine.Describe(), Commit = HostMachine.Commit, Command = command }).Save(output));
        written.AddRange(ProgramWriter.Write(result, _data.PathOf(parse), _data.CsvOf(parse), output));
        return SayEnd(parse, talk, result, evaluation, written, model);
    }

    /// <summary>The command as it was typed. What names the study may hold a password, and is called as the store calls itself.</summary>
    private string CommandOf(ParseResult parse, string store)
    {
        var words = parse.Tokens.Select(token => token.Value).ToArray();
        var at = Array.IndexOf(words, _study.Name);
        return $"digitml {string.Join(' ', words.Select((word, i) => at >= 0 && i == at + 1 ? store : word).Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word))}";
    }

    private int SayEnd(ParseResult parse, Terminal talk, ExperimentResult result, EvaluationResult? evaluation, IReadOnlyList<string> written, string model)
    {
        var note = SyntheticDigits.NoteOf(result.Study.IsSynthetic);
        talk.Say();
        talk.SayMarkup(Invariant($"[bold]The top {Math.Min(TopCount, result.Trials.Count)} of {result.Trials.Count} trials[/], on held-out examples of {Spectre.Console.Markup.Escape(result.Study.Dataset)}"));
        talk.Say("      trial  trainer      accuracy   macro acc.   log-loss   epochs    seconds        size");
        foreach (var (trial, place) in result.Top(TopCount).Select((trial, index) => (trial, index + 1)))
        {
            var last = trial.Last!;
            talk.Say(Invariant($" {place,3}. {trial.Number,5}  {trial.Trainer,-10} {Percent.Format(last.Score.Accuracy),10}   {Percent.Format(last.Score.MacroAccuracy),10} {last.Score.LogLoss,10:F4}   {last.Epochs,6} {trial.Seconds,10:F1} {last.ModelBytes / 1024.0,8:N0} KB{note}"));
        }

        talk.Say(Invariant($" Trial {result.BestTrial.Number}: {result.BestTrial.Settings}"));
        if (evaluation is not null)
        {
            talk.Say();
            talk.Say(Invariant($"Trained on all training data in {result.RefitSeconds:F1} s after {result.SearchSeconds:F0} s of search."));
            talk.Say();
            EvaluationView.Show(talk, evaluation, result.Data.Table is null ? "images" : "rows");
            talk.Say();
            talk.Say($"Written: {string.Join(", ", written)}");
            talk.Say($"Next:    dotnet run --project {Path.Combine(Path.GetDirectoryName(model)!, "consume", "console")}");
        }

        if (parse.GetValue(_json))
        {
            _terminal.Output.WriteLine(JsonSerializer.Serialize(Summary.Of(result, evaluation, model), JsonSerializerOptions.Web));
        }

        return ExitCode.Done;
    }

    /// <summary>What <c>--json</c> prints.</summary>
    private sealed record Summary(
        string Dataset,
        bool Synthetic,
        int Trials,
        int BestTrial,
        string Trainer,
        double ValidationAccuracy,
        double? TestAccuracy,
        double? TestLogLoss,
        double SearchSeconds,
        double RefitSeconds,
        string? Model,
        IReadOnlyDictionary<string, object> Settings)
    {
        public static Summary Of(ExperimentResult result, EvaluationResult? evaluation, string model) => new(
            result.Study.Dataset,
            result.Study.IsSynthetic,
            result.Trials.Count,
            result.BestTrial.Number,
            result.BestTrial.Trainer,
            result.BestTrial.Last!.Score.Accuracy,
            evaluation?.MicroAccuracy,
            evaluation?.LogLoss,
            result.SearchSeconds,
            result.RefitSeconds,
            evaluation is null ? null : model,
            result.BestTrial.Settings!.ToDictionary(setting => setting.Key, setting => setting.Value.IsWord ? (object)setting.Value.Word : setting.Value.Number));
    }
}

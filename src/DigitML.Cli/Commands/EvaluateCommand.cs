using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Cli.Views;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Plotly;
using DigitML.Reports;
using DigitML.Training;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml evaluate</c>: measures a model on labelled pictures; with a limit to keep it is a gate.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<double?> _minimum = OptionOf.Number<double>("--min-accuracy", "End with exit code 2 when the accuracy, 0 to 1, is lower.");
    private readonly Option<double?> _maximumDrop = OptionOf.Number<double>("--max-drop", "With --baseline: end with exit code 2 when more accuracy is lost; 0.002 is 0.2 points. Default: when McNemar's test finds the loss to be more than chance.");
    private readonly Option<string?> _baseline = new("--baseline") { Description = "An earlier evaluation.json to compare with; end with exit code 2 when the model is worse.", HelpName = "FILE" };
    private readonly Option<int?> _threads = OptionOf.Number<int>("--threads", "Threads that predict; 0 takes one per processor.");
    private readonly Option<string?> _report = new("--report") { Description = "A folder to write evaluation.json, report.md and report.html to.", HelpName = "DIR" };
    private readonly Option<bool> _interactive = new("--interactive") { Description = "With --report: charts that answer to pointing and zooming, drawn by plotly.js, which makes report.html 4 MB; it still opens offline. Default: pictures." };
    private readonly Option<string?> _history = new("--history") { Description = "The history.json of the model's training, for the report's learning curves.", HelpName = "FILE" };
    private readonly Option<bool> _views = new("--views") { Description = "Pictures: take the mean of the model's answers to 13 views of each, moved, turned, slanted and scaled a little. Slower, and right more often on digits." };
    private readonly Option<bool> _json = new("--json") { Description = "Print evaluation.json's content, and nothing else." };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public EvaluateCommand(Terminal terminal)
        : base("evaluate", "Measures a model on the test set or on labelled pictures of your own.")
    {
        _terminal = terminal;
        _model.AddTo(this);
        _data.AddForTestTo(this);
        Options.Add(_report);
        Options.Add(_interactive);
        Options.Add(_history);
        Options.Add(_baseline);
        Options.Add(_minimum);
        Options.Add(_maximumDrop);
        Options.Add(_threads);
        Options.Add(_views);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var gate = new EvaluationGate { MinimumAccuracy = Share(parse, _minimum, "0.975"), MaximumDrop = Share(parse, _maximumDrop, "0.002") };
        if (gate.MaximumDrop is not null && parse.GetValue(_baseline) is null)
        {
            throw new DigitException("--max-drop needs --baseline, the evaluation.json that accuracy may drop from.");
        }

        var baseline = parse.GetValue(_baseline) is { } earlier ? EvaluationResult.Load(earlier) : null;
        var history = parse.GetValue(_history) is { } training ? TrainingHistory.Load(training) : null;
        var threads = parse.GetValue(_threads) ?? 0;
        if (threads is < 0 or > 1024)
        {
            throw new DigitException($"--threads must be 0 to 1024; got {threads}.");
        }

        var report = parse.GetValue(_report);
        if (report is not null)
        {
            OutputFolder.Check(report, "--report");
        }
        else if (parse.GetValue(_interactive))
        {
            throw new DigitException("--interactive needs --report, the folder whose report.html gets the charts.");
        }

        var talk = parse.GetValue(_json) ? _terminal.Hushed() : _terminal;
        var (model, path) = _model.Load(parse);
        var data = await _data.LoadTestAsync(parse, model, _terminal, talk, cancellationToken);
        talk.Say($"Model: {path}, {model.Shape}{(model.Metadata.TryGetValue(InputScale.MetadataKey, out var scale) ? $", input {scale}" : "")}");
        talk.Say();

        var hasViews = parse.GetValue(_views);
        if (hasViews && data.Images is null)
        {
            throw new DigitException("--views is for pictures; a row of a table has one view.");
        }

        var evaluation = model.Evaluate(data, threads, new EvaluationOptions { AverageViews = hasViews }, cancellationToken) with { ModelHash = _model.Hash(parse) };
        EvaluationView.Show(talk, evaluation, data.Images is null ? "rows" : "images");
        if (data.Images is { } tested && InputDoubt.Of(model, tested, evaluation, cancellationToken) is { } doubt)
        {
            _terminal.Complain("note", doubt);
        }

        if (parse.GetValue(_json))
        {
            _terminal.Output.Write(evaluation.ToJson());
        }

        var result = new EvaluationReport
        {
            Evaluation = evaluation,
            Baseline = baseline,
            GateChecks = gate.Check(evaluation, baseline),
            Model = model,
            Images = data.Images,
            History = history,
            Commit = SourceCommit.Current(),
            Command = SourceCommit.CommandLine(parse),
        };
        if (report is not null)
        {
            talk.Say();
            talk.Say($"Written: {string.Join(", ", result.Save(report, parse.GetValue(_interactive) ? PlotlyFigure.InReports() : null))}");
        }

        StepSummary.Append(result);
        return Judge(result, talk);
    }

    private int Judge(EvaluationReport report, Terminal talk)
    {
        foreach (var check in report.GateChecks.Where(check => check.IsMet))
        {
            talk.Say();
            talk.Say($"Gate met: {check.Reason}");
        }

        foreach (var check in report.GateChecks.Where(check => !check.IsMet))
        {
            _terminal.Complain("gate", check.Reason);
        }

        return report.IsGateMet ? ExitCode.Done : ExitCode.GateNotMet;
    }

    private static double? Share(ParseResult parse, Option<double?> option, string example)
    {
        var share = parse.GetValue(option);
        return share is null or (>= 0 and <= 1)
            ? share
            : throw new DigitException(FormattableString.Invariant($"{option.Name} must be a share from 0 to 1, such as {example}; got {share}."));
    }
}

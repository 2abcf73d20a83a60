using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Reports;
using DigitML.Training;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml artifacts</c>: evaluates a model and writes what ships with it: its file, card, report and charts.</summary>
internal sealed class ArtifactsCommand : Command
{
    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<string?> _history = new("--history") { Description = "The history.json of its training, for the learning curves.", HelpName = "FILE" };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder that the files go to.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "artifacts",
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public ArtifactsCommand(Terminal terminal)
        : base("artifacts", "Evaluates a model and writes what ships with it: model card, evaluation, report and charts.")
    {
        _terminal = terminal;
        _model.AddTo(this);
        Options.Add(_history);
        Options.Add(_output);
        _data.AddForTestTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var output = parse.GetRequiredValue(_output);
        OutputFolder.Check(output, "--output");
        var (model, path) = _model.Load(parse);
        var history = parse.GetValue(_history) is { } file ? TrainingHistory.Load(file) : null;
        var images = (await _data.LoadTestAsync(parse, model, _terminal, _terminal, cancellationToken)).Images ?? throw new DigitException("A model card is made of models that read pictures.");
        var evaluation = model.Evaluate(images, cancellationToken: cancellationToken);
        var report = new EvaluationReport
        {
            Evaluation = evaluation,
            Model = model,
            Images = images,
            History = history,
            Commit = SourceCommit.Current(),
            Command = SourceCommit.CommandLine(parse),
        };
        var files = ReleaseArtifacts.Save(report, output);
        _terminal.Say($"Model: {path}");
        _terminal.Say(evaluation.ToString());
        _terminal.Say($"Written: {string.Join(", ", files)}");
        return ExitCode.Done;
    }
}

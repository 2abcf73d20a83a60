using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Cli.Views;
using DigitML.Evaluation;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml evaluate</c>: measures a model on labelled pictures; with <c>--min-accuracy</c> it is a gate.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<double?> _minimum = OptionOf.Number<double>("--min-accuracy", "End with exit code 2 when the accuracy, 0 to 1, is lower.");
    private readonly Option<int?> _threads = OptionOf.Number<int>("--threads", "Threads that predict; 0 takes one per processor.");
    private readonly Option<string?> _report = new("--report") { Description = "A folder to write evaluation.json to.", HelpName = "DIR" };
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
        Options.Add(_minimum);
        Options.Add(_threads);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var minimum = parse.GetValue(_minimum);
        if (minimum is not (null or (>= 0 and <= 1)))
        {
            throw new DigitException(FormattableString.Invariant($"--min-accuracy must be a share from 0 to 1, such as 0.975; got {minimum}."));
        }

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

        var talk = parse.GetValue(_json) ? _terminal.Hushed() : _terminal;
        var (model, path, hash) = _model.Load(parse);
        var images = await _data.LoadTestAsync(parse, _terminal, talk, cancellationToken);
        talk.Say($"Model: {path}, {string.Join('-', model.Layers.Select(layer => layer.Outputs).Prepend(model.InputCount))}");
        talk.Say();

        var evaluation = model.Evaluate(images, threads, options: null, cancellationToken) with { ModelHash = hash };
        EvaluationView.Show(talk, evaluation);
        if (parse.GetValue(_json))
        {
            _terminal.Output.Write(evaluation.ToJson());
        }

        if (report is not null)
        {
            Directory.CreateDirectory(report);
            var file = Path.Combine(report, "evaluation.json");
            evaluation.Save(file);
            talk.Say();
            talk.Say($"Written: {file}");
        }

        if (evaluation.MicroAccuracy < minimum)
        {
            _terminal.Complain("gate", FormattableString.Invariant($"The accuracy on {EvaluationView.NameOf(evaluation)} is {100 * evaluation.MicroAccuracy:0.####} %, below the {100 * minimum:0.####} % that --min-accuracy asks for."));
            return ExitCode.GateNotMet;
        }

        return ExitCode.Done;
    }
}

using System.CommandLine;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml ensemble</c>: joins models into one that answers with their mean.</summary>
internal sealed class EnsembleCommand : Command
{
    private readonly Terminal _terminal;

    private readonly Argument<string[]> _models = new("MODEL")
    {
        Description = "Two or more models of the same shape, trained on the same data from different seeds.",
        HelpName = "MODEL",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write the ensemble to.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public EnsembleCommand(Terminal terminal)
        : base("ensemble", "Joins models of the same shape into one, which answers with the geometric mean of their probabilities.")
    {
        _terminal = terminal;
        Arguments.Add(_models);
        Options.Add(_output);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        var output = parse.GetRequiredValue(_output);
        OutputFolder.CheckFile(output, "--output", "committee.onnx");

        var paths = parse.GetRequiredValue(_models);
        var models = Array.ConvertAll(paths, path => ModelFile.Read(path, null));
        Mlp ensemble;
        try
        {
            ensemble = MlpEnsemble.Join(models);
        }
        catch (ArgumentException error)
        {
            // Members are counted in the order in which their files were given.
            throw new DigitException(error.Message.Split(" (Parameter")[0], error);
        }

        if (Path.GetDirectoryName(output) is { Length: > 0 } parent)
        {
            Directory.CreateDirectory(parent);
        }

        ensemble.Save(output);
        _terminal.Say(Invariant($"Joined:  {models.Length} networks {models[0].Shape}"));
        _terminal.Say(Invariant($"Written: {output}, {new FileInfo(output).Length / 1e6:F2} MB"));
        _terminal.Say($"Next:    digitml evaluate --model {output}");
        return ExitCode.Done;
    }
}

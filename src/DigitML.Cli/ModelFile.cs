using System.CommandLine;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli;

/// <summary>The model that commands use: the one named, or the one that comes with the program.</summary>
internal sealed class ModelFile
{
    private readonly Option<string?> _model = new("--model")
    {
        Description = "The model's ONNX file. Default: the model that comes with digitml.",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_model);

    /// <summary>Loads the model.</summary>
    /// <returns>The model, its file or what to call it, and the SHA-256 of its bytes in lower-case hexadecimal.</returns>
    /// <exception cref="DigitException">The file cannot be read or is no model that runs here.</exception>
    public (Mlp Model, string Path, string Hash) Load(ParseResult parse) =>
        Named(parse) is { } path ? (Mlp.Load(path), path, FileHash.Of(path)) : (ShippedModel.Mlp, "shipped with digitml", ShippedModel.Mlp.Hash);

    /// <summary>The file named; null for the model that comes with the program. It may still turn out to be none.</summary>
    public string? Named(ParseResult parse) => parse.GetValue(_model);
}

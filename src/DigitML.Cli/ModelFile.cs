using System.CommandLine;
using System.Security.Cryptography;
using DigitML.Models;

namespace DigitML.Cli;

/// <summary>The model that commands use: the one named, or the first of the places where one usually lies.</summary>
internal sealed class ModelFile
{
    private static readonly string[] Usual = [Path.Combine("out", "digits.onnx"), Path.Combine("artifacts", "digits.onnx")];

    private readonly Option<string?> _model = new("--model")
    {
        Description = $"The model's ONNX file. Default: {Usual[0]}, else {Usual[1]}.",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_model);

    /// <summary>Loads the model.</summary>
    /// <returns>The model, its file and the file's SHA-256 in lower-case hexadecimal.</returns>
    /// <exception cref="DigitException">There is none, or the file is no model that runs here.</exception>
    public (Mlp Model, string Path, string Hash) Load(ParseResult parse)
    {
        var path = Find(parse);
        return (Mlp.Load(path), path, HashOf(path));
    }

    /// <summary>The model's file; it may still turn out to be none.</summary>
    /// <exception cref="DigitException">None was named, and none lies where one usually does.</exception>
    public string Find(ParseResult parse) =>
        parse.GetValue(_model) ?? Usual.FirstOrDefault(File.Exists)
        ?? throw new DigitException($"No model: neither {Usual[0]} nor {Usual[1]} is here. Train one with 'digitml train', or name one with --model.");

    /// <summary>SHA-256 of a file in lower-case hexadecimal.</summary>
    public static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

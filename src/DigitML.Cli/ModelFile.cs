using System.CommandLine;
using DigitML.IO;
using DigitML.Keras;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli;

/// <summary>The model that commands use: the one named, or the one that comes with the program.</summary>
internal sealed class ModelFile
{
    private readonly Option<string?> _model = new("--model")
    {
        Description = "The model's file: ONNX, or Keras's .h5 or .keras. Default: the model that comes with digitml.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _inputScale = new("--input-scale")
    {
        Description = "With --model, of a file that another program wrote: what it takes pixels as, 0-255, 0-1, or MEAN,STD on the scale of 0 to 1 as torchvision's Normalize has them, such as 0.1307,0.3081. Default: what its graph tells, else 0-1.",
        HelpName = "0-255|0-1|MEAN,STD",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_inputScale);
    }

    /// <summary>Loads the model.</summary>
    /// <returns>The model, and its file or what to call it.</returns>
    /// <exception cref="DigitException">The file cannot be read or is no model that runs here.</exception>
    public (Mlp Model, string Path) Load(ParseResult parse)
    {
        var options = LoadOptions(parse);
        return Named(parse) is { } path ? (Read(path, options), path) : (ShippedModel.Mlp, "shipped with digitml");
    }

    /// <summary>The SHA-256 of the file's bytes in lower-case hexadecimal.</summary>
    /// <exception cref="DigitException">The file cannot be read.</exception>
    public string Hash(ParseResult parse) => Named(parse) is { } path ? FileHash.Of(path) : ShippedModel.Mlp.Hash;

    /// <summary>Reads a model's file, which its content tells the kind of.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read what another program wrote; null for the defaults.</param>
    /// <exception cref="DigitException">The file cannot be read or is no model that runs here.</exception>
    public static Mlp Read(string path, MlpLoadOptions? options) =>
        KerasModel.Recognises(path)
            ? KerasModel.Load(path, new KerasLoadOptions { Normalization = options?.Normalization, TakesFeatures = options?.TakesFeatures ?? false })
            : Mlp.Load(path, options);

    /// <summary>The file named; null for the model that comes with the program. It may still turn out to be none.</summary>
    public string? Named(ParseResult parse) => parse.GetValue(_model);

    /// <summary>How to load it; null for the defaults.</summary>
    /// <exception cref="DigitException">The input scale is none, or there is no file that it could be of.</exception>
    public MlpLoadOptions? LoadOptions(ParseResult parse)
    {
        if (parse.GetValue(_inputScale) is not { } text)
        {
            return null;
        }

        if (Named(parse) is null)
        {
            throw new DigitException("--input-scale needs --model; the model that comes with digitml has its scale inside.");
        }

        try
        {
            return new MlpLoadOptions { Normalization = InputScale.Parse(text) };
        }
        catch (DigitException error)
        {
            throw new DigitException($"--input-scale: {error.Message}", error);
        }
    }
}

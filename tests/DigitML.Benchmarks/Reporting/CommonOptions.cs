using System.CommandLine;

namespace DigitML.Benchmarks.Reporting;

/// <summary>Options that several modes have, one name for each.</summary>
internal static class CommonOptions
{
    /// <summary>Where MNIST is.</summary>
    public static Option<string?> Data() => new("--data") { Description = "The folder with MNIST. Default: DIGITML_DATA, data/mnist, the user's cache, ../shared/mnist.", HelpName = "DIR" };

    /// <summary>A number that is at least 1.</summary>
    public static Option<int> Positive(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var value) && value >= 1))
            {
                result.AddError($"{name} must be a whole number of at least 1; got '{result.Tokens[0].Value}'.");
            }
        });
        return option;
    }
}

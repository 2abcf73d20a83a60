using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace DigitML.Cli.Options;

/// <summary>Makes options whose errors say what was expected and what was found, in one line.</summary>
internal static class OptionOf
{
    /// <summary>An optional number.</summary>
    /// <param name="name">As typed: <c>--epochs</c>.</param>
    /// <param name="description">What help says.</param>
    public static Option<T?> Number<T>(string name, string description)
        where T : struct, INumber<T>
    {
        var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = kind == "a number" ? "X" : "N",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                {
                    return value;
                }

                result.AddError($"{name} must be {kind}; got '{text}'.");
                return null;
            },
        };
    }

    /// <summary>An optional choice among words.</summary>
    /// <param name="name">As typed: <c>--dataset</c>.</param>
    /// <param name="description">What help says.</param>
    /// <param name="choices">The words; upper and lower case are the same.</param>
    public static Option<string?> Word(string name, string description, params string[] choices) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', choices),
        CompletionSources = { choices },
        CustomParser = result => Pick(result, name, choices),
    };

    /// <summary>An optional choice among named values.</summary>
    /// <param name="name">As typed: <c>--optimizer</c>.</param>
    /// <param name="description">What help says.</param>
    /// <param name="choices">The names and what they stand for; upper and lower case are the same.</param>
    public static Option<T?> Choice<T>(string name, string description, params (string Name, T Value)[] choices)
        where T : struct
    {
        string[] names = [.. choices.Select(choice => choice.Name)];
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CompletionSources = { names },
            CustomParser = result => Pick(result, name, names) is { } picked ? choices.First(choice => choice.Name == picked).Value : null,
        };
    }

    private static string? Pick(ArgumentResult result, string option, string[] choices)
    {
        var text = result.Tokens[0].Value;
        var picked = choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (picked is null)
        {
            result.AddError($"{option} must be one of {string.Join(", ", choices)}; got '{text}'.");
        }

        return picked;
    }
}

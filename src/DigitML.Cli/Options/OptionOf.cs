using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace DigitML.Cli.Options;

/// <summary>Makes options whose errors say what was expected and what was found, in one line.</summary>
internal static class OptionOf
{
    private const string On = "on";

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
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result => Pick(result, name, names) is { } picked ? choices.First(choice => choice.Name == picked).Value : null,
        };

        // An enumeration brings its own names, which are not the words.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>An optional <c>on</c> or <c>off</c>; null when it is not given.</summary>
    /// <remarks>Words, because an option of a boolean takes none but true and false.</remarks>
    /// <param name="name">As typed: <c>--batch-norm</c>.</param>
    /// <param name="description">What help says.</param>
    public static Option<string?> Switch(string name, string description) => Word(name, description, On, "off");

    /// <summary>What a <see cref="Switch"/> says; null when it was not given.</summary>
    public static bool? IsOn(ParseResult parse, Option<string?> option) => parse.GetValue(option) is { } word ? word == On : null;

    /// <summary>A message of a library, which names its properties, in the words of the command line.</summary>
    /// <param name="message">The message; each property is translated where it is named first.</param>
    /// <param name="all">What the library calls each option.</param>
    public static string AsTyped(string message, IEnumerable<(string Property, Option Option)> all)
    {
        var open = all.ToDictionary(known => known.Property, known => known.Option.Name);
        return string.Join(' ', message.Split(' ').Select(word =>
        {
            var property = word.Trim('(', ')', '.', ';', ',');
            return open.Remove(property, out var name) ? word.Replace(property, name, StringComparison.Ordinal) : word;
        }));
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

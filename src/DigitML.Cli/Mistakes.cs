using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DigitML.Cli;

/// <summary>What is wrong with a command line, in one line, and what was probably meant.</summary>
internal static class Mistakes
{
    /// <summary>Describes the first mistake of a command line; null when it has none.</summary>
    /// <param name="parse">The command line, as it was understood.</param>
    /// <param name="args">The same, as it was typed.</param>
    public static string? Describe(ParseResult parse, IReadOnlyList<string> args)
    {
        var command = parse.CommandResult.Command;
        if (UnknownOption(parse, args) is { } option)
        {
            return $"{OfOption(command, option)} See '{PathOf(command)} --help'.";
        }

        if (parse.Errors.Count == 0)
        {
            return null;
        }

        var message = parse.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0
            ? $"Unknown command '{parse.UnmatchedTokens[0]}'.{Meant(parse.UnmatchedTokens[0], command.Subcommands.Select(known => known.Name))}"
            : parse.Errors[0].Message;
        return $"{message} See '{PathOf(command)} --help'.";
    }

    /// <summary>The names of a command and those above it, as they are typed.</summary>
    public static string PathOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Take(1).Select(PathOf).Append(command.Name));

    /// <summary>How many letters must be added, left out, replaced or swapped with their neighbour to make one word of another.</summary>
    /// <remarks>Optimal string alignment, after Damerau (1964).</remarks>
    public static int Distance(string from, string to)
    {
        var costs = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            costs[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            costs[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = costs[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replaced, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[from.Length, to.Length];
    }

    // The parser takes a word that begins with a dash for a value wherever one may stand. Here it is an option that does not exist, unless
    // it is a number given to an option, or stands behind "--" or "=", where the user has said what it is.
    private static string? UnknownOption(ParseResult parse, IReadOnlyList<string> args)
    {
        var typed = args.TakeWhile(arg => arg != "--").ToHashSet(StringComparer.Ordinal);
        var operands = parse.CommandResult.Command.Arguments.SelectMany(argument => parse.GetResult(argument)?.Tokens ?? []).Select(token => token.Value)
            .Concat(parse.UnmatchedTokens)
            .ToHashSet(StringComparer.Ordinal);
        return parse.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-' && typed.Contains(token.Value))
            .Select(token => token.Value)
            .FirstOrDefault(value => operands.Contains(value) || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }

    private static string OfOption(Command command, string typed)
    {
        var name = typed.Split('=', ':')[0];
        var known = command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Append("--help").ToArray();
        return known.Contains(name, StringComparer.Ordinal)
            ? $"'{name}' is an option of '{PathOf(command)}' and stands behind it."
            : $"Unknown option '{name}'.{Meant(name, known.Where(option => option.StartsWith("--", StringComparison.Ordinal)))}";
    }

    private static string Meant(string typed, IEnumerable<string> known)
    {
        var word = typed.TrimStart('-').ToLowerInvariant();
        var nearest = known
            .Select(candidate => (Name: candidate, Cost: Cost(word, candidate.TrimStart('-'))))
            .OrderBy(candidate => candidate.Cost)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault((Name: "", Cost: int.MaxValue));
        return nearest.Cost <= Math.Max(1, word.Length / 3) ? $" Did you mean '{nearest.Name}'?" : "";
    }

    // The beginning of a name is meant for it as surely as a slip of one letter is.
    private static int Cost(string word, string candidate) =>
        word.Length > 1 && word != candidate && candidate.StartsWith(word, StringComparison.Ordinal) ? 1 : Distance(word, candidate);
}

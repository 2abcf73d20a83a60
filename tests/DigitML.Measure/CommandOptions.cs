using System.Globalization;

namespace DigitML.Measure;

/// <summary>What follows a command: <c>--name value</c>, in any order.</summary>
internal sealed class CommandOptions
{
    private readonly Dictionary<string, string> _values = [];

    public CommandOptions(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new ArgumentException($"Expected --name value but got '{args[i]}'.");
            }

            _values[args[i][2..]] = args[i + 1];
        }
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => _values.TryGetValue(name, out var text)
        ? int.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw new ArgumentException($"--{name} must be a whole number; got '{text}'.")
        : otherwise;
}

using System.Text.RegularExpressions;

namespace DigitML.Notebooks;

/// <summary>A code cell taken apart: its C#, with directives blanked so that line numbers stay, and what the directives ask for.</summary>
internal sealed partial record CellSource(string Code, IReadOnlyList<(int Line, string Target)> References, bool IsTimed)
{
    /// <summary>Reads a cell.</summary>
    /// <exception cref="CellFailedException">A directive is not known, or not whole.</exception>
    public static CellSource Parse(string source, string notebook, int cell)
    {
        var lines = source.Split('\n');
        var references = new List<(int, string)>();
        var isTimed = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("#r", StringComparison.Ordinal) && (line.Length == 2 || !char.IsLetter(line[2])))
            {
                references.Add((i + 1, Reference().Match(line) is { Success: true } match
                    ? match.Groups[1].Value.Trim()
                    : throw new CellFailedException(notebook, cell, i + 1, $"expected #r \"path.dll\" or #r \"nuget: Name, Version\" but found {line}.")));
            }
            else if (line.StartsWith("#!", StringComparison.Ordinal))
            {
                isTimed |= line switch
                {
                    "#!time" => true,
                    "#!csharp" or "#!c#" or "#!C#" => false,
                    _ => throw new CellFailedException(notebook, cell, i + 1, $"expected #!csharp or #!time but found {line}. Other magics need .NET Interactive."),
                };
            }
            else
            {
                continue;
            }

            lines[i] = "";
        }

        return new CellSource(string.Join('\n', lines), references, isTimed);
    }

    [GeneratedRegex("""^#r\s*"([^"]+)"\s*;?\s*(?://.*)?$""")]
    private static partial Regex Reference();
}

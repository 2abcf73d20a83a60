using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace DigitML.Notebooks;

/// <summary>A cell as the kernel gets it: its references checked, and after each directive a <c>#line</c>, since the kernel cuts cells there.</summary>
internal sealed partial class CellSource
{
    private const string NuGet = "nuget:";
    private readonly List<string> _lines = [];
    private readonly List<int> _numbers = [];

    /// <summary>Reads a cell. Paths start from the current folder.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="file">What debug information calls the cell.</param>
    public CellSource(string source, string file)
    {
        var lines = source.Split('\n');
        var isCut = true;
        for (var i = 0; i < lines.Length && Failure is null; i++)
        {
            var line = lines[i].Trim();
            var isReference = line.StartsWith("#r", StringComparison.Ordinal) && (line.Length == 2 || !char.IsLetter(line[2]));
            if (isReference && Resolve(line, i + 1) is { } reference)
            {
                lines[i] = $"#r \"{reference}\"";
                PackageLine ??= reference.StartsWith(NuGet, StringComparison.OrdinalIgnoreCase) ? i + 1 : null;
            }

            var isDirective = isReference || line.StartsWith("#!", StringComparison.Ordinal);
            if (isCut && !isDirective)
            {
                Add(Invariant($"#line {i + 1} \"{file}\""), i + 1);
            }

            Add(lines[i], i + 1);
            isCut = isDirective;
        }
    }

    /// <summary>What is wrong with a reference; null when nothing is.</summary>
    public CellFailure? Failure { get; private set; }

    /// <summary>The line, from 1, of the first package that is asked for; null when none is.</summary>
    public int? PackageLine { get; private set; }

    /// <summary>What the kernel runs.</summary>
    public string Code => string.Join('\n', _lines);

    /// <summary>The cell's line, from 1, behind a line of <see cref="Code"/>, from 1.</summary>
    public int LineOf(int line) => _numbers[Math.Clamp(line, 1, _numbers.Count) - 1];

    private void Add(string line, int number)
    {
        _lines.Add(line);
        _numbers.Add(number);
    }

    /// <summary>A library's whole path, or a package; of this program's own packages the libraries that it runs with.</summary>
    private string? Resolve(string line, int number)
    {
        if (Reference().Match(line) is not { Success: true } match)
        {
            Failure = new CellFailure(number, $"expected #r \"path.dll\" or #r \"nuget: Name, Version\" but found {line}.");
            return null;
        }

        var target = match.Groups[1].Value.Trim();
        if (target.StartsWith(NuGet, StringComparison.OrdinalIgnoreCase))
        {
            if (target[NuGet.Length..].Split(',', StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, { Length: > 0 } version])
            {
                return Own(name, version) ?? target;
            }

            Failure = new CellFailure(number, $"expected #r \"nuget: Name, Version\" but found \"{target}\". A notebook that names no version is another one tomorrow.");
            return null;
        }

        var path = Path.GetFullPath(target);
        try
        {
            AssemblyName.GetAssemblyName(path);
        }
        catch (Exception error) when (error is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            Failure = new CellFailure(number, error is FileNotFoundException or DirectoryNotFoundException
                ? $"#r \"{target}\": there is no {path}. Build it first: dotnet build -c Release."
                : $"#r \"{target}\": {path} is no .NET library: {error.Message}");
        }

        return path;
    }

    private static string? Own(string name, string version) =>
        AssemblyLoadContext.Default.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name) is { Location.Length: > 0 } loaded
        && version.Split('-', '+')[0] == loaded.GetName().Version?.ToString(3) ? loaded.Location : null;

    [GeneratedRegex("""^#r\s*"([^"]+)"\s*;?\s*(?://.*)?$""")]
    private static partial Regex Reference();
}

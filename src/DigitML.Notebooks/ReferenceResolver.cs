using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace DigitML.Notebooks;

/// <summary>Turns <c>#r</c> into references. A library that this program itself runs with is taken as it is loaded, so that cells and program see the same types.</summary>
internal static class ReferenceResolver
{
    private const string NuGet = "nuget:";

    /// <summary>The framework, and what cells call to show values.</summary>
    public static ScriptOptions Initial()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Select(path => MetadataReference.CreateFromFile(path));
        return ScriptOptions.Default
            .WithReferences(assemblies)
            .AddReferences(typeof(NotebookDisplay).Assembly)
            .WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "DigitML.Notebooks", "DigitML.Notebooks.NotebookDisplay")
            .WithEmitDebugInformation(true)
            .WithFileEncoding(System.Text.Encoding.UTF8);
    }

    /// <summary>Adds one reference.</summary>
    /// <param name="options">What was referred to before.</param>
    /// <param name="target">What stands between the quotes.</param>
    /// <param name="folder">The notebook's folder, which paths start from.</param>
    /// <param name="packages">Finds packages.</param>
    /// <param name="fail">Makes the error for a reason.</param>
    public static ScriptOptions Add(ScriptOptions options, string target, string folder, PackageRestore packages, Func<string, CellFailedException> fail)
    {
        if (target.StartsWith(NuGet, StringComparison.OrdinalIgnoreCase))
        {
            var parts = target[NuGet.Length..].Split(',', StringSplitOptions.TrimEntries);
            return parts is [{ Length: > 0 } name, { Length: > 0 } version]
                ? Package(options, name, version, packages, fail)
                : throw fail($"expected #r \"nuget: Name, Version\" but found \"{target}\". A notebook that names no version is another one tomorrow.");
        }

        var path = Path.GetFullPath(Path.Combine(folder, target));
        if (!File.Exists(path))
        {
            throw fail($"#r \"{target}\": there is no {path}. Build it first: dotnet build -c Release.");
        }

        try
        {
            var name = AssemblyName.GetAssemblyName(path);
            return Loaded(name.Name!) is { } loaded ? options.AddReferences(loaded) : options.AddReferences(MetadataReference.CreateFromFile(path));
        }
        catch (Exception error) when (error is BadImageFormatException or IOException)
        {
            throw fail($"#r \"{target}\": {path} is no .NET library: {error.Message}");
        }
    }

    private static ScriptOptions Package(ScriptOptions options, string name, string version, PackageRestore packages, Func<string, CellFailedException> fail)
    {
        if (Loaded(name) is { } loaded && loaded.GetName().Version is { } own && version.Split('-', '+')[0] == own.ToString(3))
        {
            return options.AddReferences(loaded);
        }

        return options.AddReferences(packages.Libraries(name, version, fail).Select(path => MetadataReference.CreateFromFile(path)));
    }

    private static Assembly? Loaded(string name)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException)
        {
            return null;
        }
    }
}

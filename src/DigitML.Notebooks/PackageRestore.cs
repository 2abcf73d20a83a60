using System.Diagnostics;
using System.Security;
using System.Text.Json;

namespace DigitML.Notebooks;

/// <summary>Finds a NuGet package's libraries, and those it depends on, by restoring a project that refers to it.</summary>
/// <param name="timeout">How long that may take.</param>
/// <param name="cancellationToken">Ends it sooner.</param>
internal sealed class PackageRestore(TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string Framework = "net10.0";

    /// <summary>Restores a package.</summary>
    /// <returns>The paths of its libraries and of those it needs.</returns>
    public IReadOnlyList<string> Libraries(string name, string version, Func<string, CellFailedException> fail)
    {
        var folder = Directory.CreateTempSubdirectory("digitml-notebook-");
        try
        {
            var project = Path.Combine(folder.FullName, "package.csproj");
            File.WriteAllText(project, $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>{Framework}</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageReference Include="{SecurityElement.Escape(name)}" Version="[{SecurityElement.Escape(version)}]" /></ItemGroup>
                </Project>
                """);
            var start = new ProcessStartInfo("dotnet", ["restore", project, "--verbosity", "quiet"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            if (!HasEnded(process, printed))
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                throw fail(FormattableString.Invariant($"#r \"nuget: {name}, {version}\": the package has not come after {timeout.TotalSeconds:0.###} s."));
            }

            var output = string.Concat(printed.GetAwaiter().GetResult());
            return process.ExitCode == 0
                ? Read(Path.Combine(folder.FullName, "obj", "project.assets.json"))
                : throw fail($"#r \"nuget: {name}, {version}\": the package cannot be had: {output.Trim().Split('\n')[0].Replace(project, "", StringComparison.Ordinal).TrimStart(' ', ':')}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw fail($"#r \"nuget: {name}, {version}\": packages need the .NET SDK, and there is no dotnet command.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private bool HasEnded(Process process, Task printed)
    {
        try
        {
            return printed.Wait(timeout, cancellationToken) && process.WaitForExit(timeout);
        }
        catch (Exception error) when (error is OperationCanceledException or AggregateException { InnerException: OperationCanceledException })
        {
            return false;
        }
    }

    private static List<string> Read(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
        var root = document.RootElement;
        var roots = root.GetProperty("packageFolders").EnumerateObject().Select(item => item.Name).ToArray();
        var libraries = new List<string>();
        foreach (var package in root.GetProperty("targets").GetProperty(Framework).EnumerateObject())
        {
            var path = root.GetProperty("libraries").GetProperty(package.Name).GetProperty("path").GetString()!;
            if (package.Value.TryGetProperty("runtime", out var runtime))
            {
                libraries.AddRange(runtime.EnumerateObject()
                    .Where(file => file.Name.EndsWith(".dll", StringComparison.Ordinal))
                    .Select(file => roots.Select(folder => Path.Combine(folder, path, file.Name)).First(File.Exists)));
            }
        }

        return libraries;
    }
}

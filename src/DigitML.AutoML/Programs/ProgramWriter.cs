using System.Reflection;
using System.Text;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.AutoML.Programs;

/// <summary>
/// Writes programs that use the winner, as Model Builder does: <c>consume/console</c>, <c>consume/api</c> and <c>training</c>, C# projects that build and run as they are. The
/// libraries they need lie beside them, in <c>lib</c>, so that they build on any machine.
/// </summary>
public static class ProgramWriter
{
    /// <summary>Writes the programs.</summary>
    /// <param name="result">What the search found.</param>
    /// <param name="dataPath">Where the training program finds the data unless told otherwise; null for MNIST or what it falls back to.</param>
    /// <param name="csv">How the table was read; null where all was found out. Not looked at for pictures.</param>
    /// <param name="folder">Where; the model's file is written there by the caller.</param>
    /// <returns>The folders, by their paths.</returns>
    /// <exception cref="DigitException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(ExperimentResult result, string? dataPath, CsvOptions? csv, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var program = new WinnersProgram(result, dataPath, csv ?? new CsvOptions());
        try
        {
            var library = Directory.CreateDirectory(Path.Combine(folder, "lib")).FullName;
            var libraries = Copy(library);
            string[] folders = [Path.Combine(folder, "consume", "console"), Path.Combine(folder, "consume", "api"), Path.Combine(folder, "training")];
            Put(folders[0], "Console.csproj", program.Project("Microsoft.NET.Sdk", libraries, "../../", isTraining: false), program.ConsoleProgram());
            Put(folders[1], "Api.csproj", program.Project("Microsoft.NET.Sdk.Web", libraries, "../../", isTraining: false), program.ApiProgram());
            Put(folders[2], "Training.csproj", program.Project("Microsoft.NET.Sdk", libraries, "../", isTraining: true), program.TrainingProgram());
            return folders;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{folder}: the programs cannot be written ({error.Message}).", error);
        }
    }

    private static void Put(string folder, string projectName, string project, string program)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, projectName), Encoding.UTF8.GetBytes(project));
        AtomicFile.Write(Path.Combine(folder, "Program.cs"), Encoding.UTF8.GetBytes(program));
    }

    /// <summary>Copies the library and what it refers to, as far as it is not part of .NET.</summary>
    private static string[] Copy(string target)
    {
        var source = Path.GetDirectoryName(typeof(Mlp).Assembly.Location)!;
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([typeof(Mlp).Assembly.GetName().Name!]);
        while (open.TryPop(out var name))
        {
            var file = Path.Combine(source, name + ".dll");
            if (!File.Exists(file) || !found.Add(name))
            {
                continue;
            }

            AtomicFile.Write(Path.Combine(target, name + ".dll"), File.ReadAllBytes(file));
            foreach (var reference in Assembly.LoadFrom(file).GetReferencedAssemblies())
            {
                open.Push(reference.Name!);
            }
        }

        return [.. found];
    }
}

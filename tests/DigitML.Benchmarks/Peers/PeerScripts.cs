using System.Diagnostics;
using System.Globalization;

namespace DigitML.Benchmarks.Peers;

/// <summary>The peers' scripts and what runs them: which are there, and why the others are not.</summary>
internal sealed class PeerScripts
{
    /// <summary>The environment variable that names the folder of the scripts.</summary>
    public const string FolderVariable = "DIGITML_PEERS";

    /// <summary>The environment variable that names the Python of the peers.</summary>
    public const string PythonVariable = "DIGITML_PYTHON";

    private const string Torch = "torch_mlp.py";
    private const string Sklearn = "sklearn_mlp.py";
    private const string TorchSharp = "torchsharp";

    private readonly string _folder;
    private readonly string _data;
    private readonly string _python = Environment.GetEnvironmentVariable(PythonVariable) ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");
    private readonly List<string> _absent = [];
    private readonly string? _torchSharp;

    /// <summary>Looks which peers are there.</summary>
    /// <param name="folder">Where the scripts are.</param>
    /// <param name="data">Where MNIST is.</param>
    public PeerScripts(string folder, string data)
    {
        (_folder, _data) = (folder, data);
        HasTorch = Has("PyTorch", Torch, Python("-c", "import torch"), $"the module torch is not there for {_python}");
        HasSklearn = Has("scikit-learn", Sklearn, Python("-c", "import sklearn"), $"the module sklearn is not there for {_python}");
        _torchSharp = BuildTorchSharp();
    }

    /// <summary>Whether PyTorch can run.</summary>
    public bool HasTorch { get; }

    /// <summary>Whether scikit-learn can run.</summary>
    public bool HasSklearn { get; }

    /// <summary>One line for each peer that is not there, with the reason.</summary>
    public IReadOnlyList<string> Absent => _absent;

    /// <summary>Those who train, at one thread, at two and at as many as there are processors.</summary>
    /// <param name="hidden">Units of the hidden layers, with commas between.</param>
    /// <param name="batchSize">Images per update.</param>
    public IEnumerable<Contender> Trainers(string hidden, int batchSize)
    {
        foreach (var threads in ThreadCounts())
        {
            if (HasTorch)
            {
                yield return new Contender("PyTorch", threads, epochs => Script(Torch, epochs, "--threads", Text(threads)));
            }

            if (_torchSharp is { } program)
            {
                yield return new Contender("TorchSharp", threads, epochs => new ProcessStartInfo("dotnet", [program, _data, hidden, Text(batchSize), Text(epochs), Text(threads)]));
            }

            if (HasSklearn)
            {
                yield return new Contender("scikit-learn", threads, epochs =>
                {
                    var start = Script(Sklearn, epochs);
                    start.Environment["OMP_NUM_THREADS"] = Text(threads);
                    return start;
                });
            }
        }

        ProcessStartInfo Script(string script, int epochs, params string[] more) =>
            Python([Path.Combine(_folder, script), "--data", _data, "--hidden", hidden, "--batch-size", Text(batchSize), "--epochs", Text(epochs), .. more]);
    }

    /// <summary>How many threads a peer is tried at: one, two and as many as there are processors.</summary>
    public static IEnumerable<int> ThreadCounts() =>
        new[] { 1, 2, Environment.ProcessorCount }.Where(count => count <= Environment.ProcessorCount).Distinct();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ProcessStartInfo Python(params string[] arguments) => new(_python, arguments);

    /// <summary>Builds the peer of .NET and lets it train one epoch: its native library does not load everywhere.</summary>
    /// <returns>The program; null where it does not run, which is noted.</returns>
    private string? BuildTorchSharp()
    {
        var project = Path.Combine(_folder, TorchSharp, "torchsharp_mlp.csproj");
        if (!File.Exists(project))
        {
            _absent.Add($"TorchSharp: there is no {TorchSharp}/torchsharp_mlp.csproj in {_folder}");
            return null;
        }

        var output = Path.Combine(Path.GetTempPath(), "digitml-benchmark-torchsharp");
        var copy = Directory.CreateDirectory(Path.Combine(output, "project")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(project)!))
        {
            // The folder of the peers may be read-only, and a build writes beside its project.
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        var program = Path.Combine(output, "torchsharp_mlp.dll");
        var build = new ProcessStartInfo("dotnet", ["build", Path.Combine(copy, "torchsharp_mlp.csproj"), "-c", "Release", "-o", output, "--nologo"]);
        if (!Succeeds(build))
        {
            _absent.Add("TorchSharp: it does not build; its package cannot be restored");
            return null;
        }

        if (!Succeeds(new ProcessStartInfo("dotnet", [program, _data, "8", "256", "1", "1"])))
        {
            _absent.Add("TorchSharp: it does not run; its native library wants a newer libstdc++ than there is, or fails otherwise");
            return null;
        }

        return program;
    }

    private bool Has(string name, string script, ProcessStartInfo probe, string otherwise)
    {
        if (!File.Exists(Path.Combine(_folder, script)))
        {
            _absent.Add($"{name}: there is no {script} in {_folder}");
            return false;
        }

        if (Succeeds(probe))
        {
            return true;
        }

        _absent.Add($"{name}: {otherwise}");
        return false;
    }

    private static bool Succeeds(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

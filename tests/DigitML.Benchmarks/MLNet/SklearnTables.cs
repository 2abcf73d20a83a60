using System.Diagnostics;
using DigitML.Benchmarks.Peers;
using DigitML.IO;

namespace DigitML.Benchmarks.MLNet;

/// <summary>The tables that scikit-learn ships, written as files of numbers with the class last.</summary>
internal static class SklearnTables
{
    private const string Script = """
        import sys, numpy
        from sklearn.datasets import load_wine, load_breast_cancer, load_digits
        for name, load in (("wine", load_wine), ("breast-cancer", load_breast_cancer), ("digits", load_digits)):
            data = load()
            numpy.savetxt(f"{sys.argv[1]}/{name}.csv", numpy.column_stack([data.data, data.target]), delimiter=",", fmt="%.9g")
        """;

    /// <summary>Writes them into a folder.</summary>
    /// <exception cref="DigitException">Python or scikit-learn is not there.</exception>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var python = Environment.GetEnvironmentVariable(PeerScripts.PythonVariable) ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", Script, folder]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new DigitException($"mlnet needs Python with scikit-learn (apt-get install python3-sklearn): {error.Trim().Split('\n')[^1]}");
        }
    }
}

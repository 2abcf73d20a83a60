using System.Diagnostics;
using System.Globalization;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;
using DigitML.Tests.House;
using DigitML.Tests.IO;

namespace DigitML.AutoML.Tests.Deploy;

public sealed class SlurmTests(PostgresFixture postgres)
{
    private static readonly string s_script = Repository.PathOf("deploy", "slurm", "search.sbatch");
    private static readonly string s_cluster = Repository.PathOf("tests", "DigitML.AutoML.Tests", "Deploy", "slurm.sh");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_AnArrayOfFourTasks_WorksOnOneStudyAndOneRefits()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/slurmctld") && File.Exists("/usr/sbin/munged"), "Slurm is not installed (Debian: slurm-wlm, munge).");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Slurm's daemons run as root.");
        var study = await postgres.SchemaOrSkipAsync();
        using var folder = new TemporaryFolder();
        var digitml = Stub(folder);
        var cluster = folder.File("slurm");
        await RunAsync(folder, "bash", [], s_cluster, "start", cluster);
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["SLURM_CONF"] = Path.Combine(cluster, "slurm.conf"),
                ["DIGITML"] = digitml,
                ["STUDY"] = study,
                ["DATA"] = "/data/mnist",
                ["STUDY_NAME"] = "array",
                ["MINUTES"] = "7",
                ["OUTPUT"] = folder.File("found"),
                ["SAID"] = folder.FullName,
            };
            await RunAsync(folder, "sbatch", environment, "--wait", s_script);
        }
        finally
        {
            await RunAsync(folder, "bash", [], s_cluster, "stop", cluster);
        }

        for (var task = 0; task < 4; task++)
        {
            string[] expected = ["search", "--data", "/data/mnist", "--study", study, "--study-name", "array", "--minutes", "7", "--workers", "1", "--threads", "1", "--output", $"{folder.File("found")}/{task}", .. task == 0 ? Array.Empty<string>() : ["--no-refit"]];
            Assert.Equal(expected, await File.ReadAllLinesAsync(folder.File($"task{task}"), Cancellation));
        }

        await using var store = StudyStore.For(study);
        var trials = (await store.ChangesOf((await store.StudiesAsync(Cancellation)).Single(), Cancellation)).Trials;
        Assert.Equal(Enumerable.Range(0, 40), trials.Select(trial => trial.Number));
        Assert.All(trials, trial => Assert.True(trial.State is TrialState.Paused or TrialState.Finished, trial.ToString()));
    }

    [Fact]
    public async Task Search_WithoutAStudy_SaysWhatToSet()
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(folder, "bash", [], s_script));
        Assert.Contains("STUDY: set STUDY to the database, for example Host=db", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A command that notes what it was asked and sends a worker in its place.</summary>
    private static string Stub(TemporaryFolder folder)
    {
        var path = folder.File("digitml");
        File.WriteAllText(path, $"""
            #!/bin/bash
            printf '%s\n' "$@" >"$SAID/task$SLURM_ARRAY_TASK_ID"
            while [[ $1 != --study ]]; do shift; done
            exec {Environment.ProcessPath} {Path.Combine(AppContext.BaseDirectory, "DigitML.AutoML.Worker.dll")} sleep "$2" array 40 1 20
            """.Replace(Environment.ProcessPath!, "dotnet", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return path;
    }

    private static async Task RunAsync(TemporaryFolder folder, string program, Dictionary<string, string> environment, params string[] arguments)
    {
        // Daemons inherit what their starter has, so that nobody may wait for the end of its output: that goes into a file.
        var log = folder.File(string.Create(CultureInfo.InvariantCulture, $"{program}.{Guid.NewGuid():N}.log"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments]) { WorkingDirectory = folder.FullName };
        start.Environment.Remove("STUDY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(Cancellation);
        if (process.ExitCode != 0)
        {
            var logs = Directory.EnumerateFiles(folder.FullName, "*.log").Select(File.ReadAllText);
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {string.Join(" | ", logs)}");
        }
    }
}

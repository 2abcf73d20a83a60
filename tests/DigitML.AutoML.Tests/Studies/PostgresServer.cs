using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>A PostgreSQL of one's own from Debian's packages: its data in a temporary folder, on a free port of this machine, gone when disposed of.</summary>
internal sealed class PostgresServer : IDisposable
{
    public const string Reason = "PostgreSQL is not installed (Debian: postgresql).";

    /// <summary>Who runs the server when we are root, whom it refuses.</summary>
    private const string User = "postgres";

    private readonly string _bin;
    private readonly string _folder;
    private readonly string _options;

    private PostgresServer(string bin, int connections, bool isDurable)
    {
        _bin = bin;
        _folder = Directory.CreateTempSubdirectory("digitml-postgres-").FullName;
        Port = FreePort();
        _options = $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections={connections} -c fsync={(isDurable ? "on" : "off")}";
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", User, _folder);
        }

        RunAsUser("initdb", "-D", Path.Combine(_folder, "data"), "-U", "digitml", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--locale=C", "--encoding=UTF8", "--no-sync");
        Start();
    }

    public static string Password => "sparrow";

    public int Port { get; }

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username=digitml;Password={Password}";

    /// <summary>Starts one; null where it is not installed.</summary>
    /// <param name="connections">Clients at a time at most.</param>
    /// <param name="isDurable">Whether a commit waits for the disk.</param>
    public static PostgresServer? TryStart(int connections = 100, bool isDurable = false) =>
        FindBin() is { } bin ? new PostgresServer(bin, connections, isDurable) : null;

    public void Start() => RunAsUser("pg_ctl", "-D", Path.Combine(_folder, "data"), "-l", Path.Combine(_folder, "log"), "-o", _options, "-w", "-t", "60", "start");

    /// <summary>Ends it; at once as a crash does, or with its clients told.</summary>
    public void Stop(bool crash = false) => RunAsUser("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", crash ? "immediate" : "fast", "-w", "stop");

    public void Dispose()
    {
        try
        {
            Stop(crash: true);
        }
        catch (InvalidOperationException)
        {
            // It was stopped already.
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindBin() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void RunAsUser(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", Path.Combine(_bin, program), .. arguments]);
        }
        else
        {
            Run(Path.Combine(_bin, program), arguments);
        }
    }

    private void Run(string program, params string[] arguments)
    {
        // The server inherits what its starter has, so that nobody may wait for the end of its output: that goes into a file.
        var log = Path.Combine(Path.GetTempPath(), $"digitml-postgres-{Port}.out");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        var said = File.ReadAllText(log);
        File.Delete(log);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
        }
    }
}

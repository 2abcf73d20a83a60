namespace DigitML.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something failed; one line on standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>Everything ran, and a gate that the caller set was not met.</summary>
    public const int GateNotMet = 2;

    /// <summary>Told to end, by Ctrl+C (SIGINT, which is signal 2), before there was anything to keep. Shells know 128 and the signal's number.</summary>
    public const int Cancelled = 130;

    /// <summary>The same by SIGTERM, which is signal 15.</summary>
    public const int Terminated = 143;
}

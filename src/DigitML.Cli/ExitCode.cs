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
}

using System.Diagnostics;

namespace DigitML.Benchmarks.Peers;

/// <summary>One program at one number of threads.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Threads">Threads it may use.</param>
/// <param name="Command">Starts it on the work, for so many epochs where the work has epochs.</param>
internal sealed record Contender(string Name, int Threads, Func<int, ProcessStartInfo> Command)
{
    /// <summary>What it is in a line of a log.</summary>
    public string Title => $"{Name}, {Threads} {(Threads == 1 ? "thread" : "threads")}";
}

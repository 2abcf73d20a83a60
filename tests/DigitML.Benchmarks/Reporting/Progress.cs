namespace DigitML.Benchmarks.Reporting;

/// <summary>What a long measurement says while it runs, on the error stream, so that the tables alone can be redirected.</summary>
internal static class Progress
{
    /// <summary>Says one line.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);
}

namespace DigitML.Cli;

/// <summary>Work whose result is kept when the process is told to end: it is waited for, and ends soon by itself.</summary>
internal static class KeptWork
{
    private static int s_running;

    /// <summary>Whether any is under way.</summary>
    public static bool IsRunning => Volatile.Read(ref s_running) > 0;

    /// <summary>Begins such work; it ends when the result is disposed.</summary>
    public static IDisposable Begin()
    {
        Interlocked.Increment(ref s_running);
        return new Work();
    }

    private sealed class Work : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                Interlocked.Decrement(ref s_running);
            }
        }
    }
}

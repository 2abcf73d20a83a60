using DigitML.Data;

namespace DigitML.Cli.Views;

/// <summary>Shows how far a folder's pictures are decoded, where somebody is watching.</summary>
/// <param name="terminal">Where it is shown.</param>
internal sealed class PictureProgressView(Terminal terminal) : IProgress<PictureProgress>
{
    private readonly Lock _lock = new();
    private long _shownAt;

    /// <inheritdoc/>
    public void Report(PictureProgress value)
    {
        // Ten times a second is enough for eyes; reports come from many threads.
        lock (_lock)
        {
            if (value.Done >= value.Total)
            {
                terminal.ClearStatus();
            }
            else if (Environment.TickCount64 - _shownAt >= 100)
            {
                const int Cells = 24;
                _shownAt = Environment.TickCount64;
                var filled = (int)((long)Cells * value.Done / value.Total);
                terminal.Status(FormattableString.Invariant($"Reading pictures {new string('#', filled)}{new string('.', Cells - filled)} {value.Done:N0} of {value.Total:N0}"));
            }
        }
    }
}

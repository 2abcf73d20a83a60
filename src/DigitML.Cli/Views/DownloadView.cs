using DigitML.Data;
using Spectre.Console;

namespace DigitML.Cli.Views;

/// <summary>Shows a download: a line that moves where somebody is watching, a line a file elsewhere.</summary>
internal sealed class DownloadView : IProgress<DownloadProgress>
{
    private readonly Terminal _terminal;
    private Uri? _last;
    private long _shownAt;

    /// <summary>Creates the view.</summary>
    /// <param name="terminal">Where it is shown.</param>
    public DownloadView(Terminal terminal)
    {
        _terminal = terminal;
    }

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        var total = value.TotalBytes is { } bytes ? $" of {Megabytes(bytes)}" : "";
        if (_terminal.IsLive)
        {
            // Ten times a second is enough for eyes.
            if (Environment.TickCount64 - _shownAt >= 100 || value.BytesReceived == value.TotalBytes)
            {
                _shownAt = Environment.TickCount64;
                _terminal.Status(Markup.Escape($"Downloading {value.File} from {value.Address.Host}: {Megabytes(value.BytesReceived)}{total}"));
            }
        }
        else if (value.Address != _last)
        {
            _last = value.Address;
            _terminal.Say($"Downloading {value.Address}");
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F1} MB");
}

namespace DigitML.Web.Monitoring;

/// <summary>Everything the server logs. No picture and nothing of one is in it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Serving on {Url}; stop with Ctrl+C")]
    public static partial void Serving(this ILogger log, string url);

    [LoggerMessage(2, LogLevel.Warning, "Listening on {Address}, beyond this machine. {Advice}")]
    public static partial void Exposed(this ILogger log, string address, string advice);

    [LoggerMessage(3, LogLevel.Information, "Ready after a first reading of {Milliseconds:F0} ms")]
    public static partial void Ready(this ILogger log, double milliseconds);

    [LoggerMessage(4, LogLevel.Debug, "{Method} {Path} answered {Status} in {Milliseconds:F1} ms")]
    public static partial void Answered(this ILogger log, string method, string path, int status, double milliseconds);

    [LoggerMessage(5, LogLevel.Information, "{Method} {Path} refused with {Status} in {Milliseconds:F1} ms")]
    public static partial void Refused(this ILogger log, string method, string path, int status, double milliseconds);

    [LoggerMessage(6, LogLevel.Debug, "Read {Bytes} bytes of {Width}x{Height} pixels: {Verdict}, {Digits} digits, {Milliseconds:F1} ms")]
    public static partial void Read(this ILogger log, int bytes, int width, int height, string verdict, int digits, double milliseconds);

    [LoggerMessage(8, LogLevel.Information, "Kept a correction: a picture that shows {Label}")]
    public static partial void Kept(this ILogger log, string label);

    [LoggerMessage(9, LogLevel.Information, "Training for {Epochs} epochs on {Dataset}, as asked from the page")]
    public static partial void Training(this ILogger log, int epochs, string dataset);

    [LoggerMessage(10, LogLevel.Information, "Searching for {Seconds} s on {Dataset}, as asked from the page")]
    public static partial void Searching(this ILogger log, double seconds, string dataset);

    [LoggerMessage(7, LogLevel.Error, "A request failed unexpectedly; trace {Trace}")]
    public static partial void Failed(this ILogger log, Exception error, string trace);
}

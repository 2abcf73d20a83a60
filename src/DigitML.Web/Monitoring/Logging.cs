using Microsoft.Extensions.Logging.Console;

namespace DigitML.Web.Monitoring;

/// <summary>Where the log goes: standard error, one line an event.</summary>
internal static class Logging
{
    /// <summary>Sets the log up.</summary>
    /// <param name="logging">What is set up.</param>
    /// <param name="isJson">Whether each line is a JSON object.</param>
    /// <param name="isStarted">Whether the server has come up: until then its caller gets the exception, and says it once.</param>
    public static void Configure(ILoggingBuilder logging, bool isJson, Func<bool> isStarted)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && isStarted());

        // Connections that break are everyday; a stream of them must not fill a disk.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // Nobody waits for a slow terminal.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        if (isJson)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss ";
            });
        }
    }
}

using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.IO;
using DigitML.Web;

namespace DigitML.Cli.Tests.Options;

public class ServeOptionSetTests
{
    private static WebOptions Read(params string[] args)
    {
        var set = new ServeOptionSet();
        var command = new Command("serve");
        set.AddTo(command);
        var parse = command.Parse(args);
        Assert.Empty(parse.Errors);
        return set.Read(parse);
    }

    [Fact]
    public void Read_Nothing_IsTheServersDefaults()
    {
        // Lists are equal when they are the same list; the key and tracing come from the environment.
        var defaults = new WebOptions();
        Assert.Equal(defaults, Read() with { ApiKey = null, Trace = false, CorsOrigins = defaults.CorsOrigins, TrainingData = defaults.TrainingData });
    }

    [Fact]
    public void Read_EveryOption_IsTaken()
    {
        var options = Read(
            "--address", "0.0.0.0", "--port", "81", "--api-key", "a secret key", "--cors", "https://a.example", "--cors", "https://b.example", "--rate-limit", "0",
            "--max-body", "70001", "--max-pixels", "7000001", "--concurrency", "3", "--queue", "17", "--queue-seconds", "0.5", "--body-seconds", "1.25", "--json-log",
            "--keep-corrections", "corrected", "--max-corrections", "5000000001", "--allow-training");

        Assert.Equal(["https://a.example", "https://b.example"], options.CorsOrigins);
        Assert.Equal(
            new WebOptions
            {
                Address = "0.0.0.0",
                Port = 81,
                ApiKey = "a secret key",
                CorsOrigins = options.CorsOrigins,
                RequestsPerMinute = 0,
                MaximumBodyBytes = 70_001,
                MaximumPixels = 7_000_001,
                ConcurrentReads = 3,
                QueueLength = 17,
                QueueTime = TimeSpan.FromSeconds(0.5),
                BodyTime = TimeSpan.FromSeconds(1.25),
                Reader = options.Reader,
                JsonLog = true,
                Trace = options.Trace,
                CorrectionsFolder = "corrected",
                MaximumCorrectionBytes = 5_000_000_001,
                AllowTraining = true,
                TrainingData = options.TrainingData,
            },
            options);
    }

    [Theory]
    [InlineData("--port", "70000", "--port must be 0 to 65535; got 70000.")]
    [InlineData("--address", "example.org", "--address must be an IP address, localhost or *; got example.org.")]
    [InlineData("--api-key", "short", "--api-key must have at least 8 characters; got 5 characters.")]
    [InlineData("--cors", "example.org", "--cors must be an origin such as https://example.org; got example.org.")]
    [InlineData("--rate-limit", "-1", "--rate-limit must be 0 to 10000000; got -1.")]
    [InlineData("--max-body", "0", "--max-body must be 1 to 200000000 bytes; got 0.")]
    [InlineData("--max-pixels", "0", "--max-pixels must be 1 to 1000000000; got 0.")]
    [InlineData("--concurrency", "1025", "--concurrency must be 0 to 1024; got 1025.")]
    [InlineData("--queue", "100001", "--queue must be 0 to 100000; got 100001.")]
    [InlineData("--queue-seconds", "1e300", "--queue-seconds must be greater than 0 and at most 3600; got 0.")]
    [InlineData("--max-corrections", "0", "--max-corrections must be 1 to 1000000000000; got 0.")]
    [InlineData("--body-seconds", "0", "--body-seconds must be greater than 0 and at most 3600; got 0.")]
    public void Read_OutOfItsRange_IsCalledAsTyped(string option, string value, string message)
    {
        var error = Assert.Throws<DigitException>(() => Read(option, value));
        Assert.Equal(message, error.Message);
    }
}

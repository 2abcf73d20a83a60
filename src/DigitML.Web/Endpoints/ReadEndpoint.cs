using System.Diagnostics;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Reading;
using DigitML.Web.Http;
using DigitML.Web.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary><c>POST /api/read</c>: a picture in, what is read in it out.</summary>
internal sealed class ReadEndpoint
{
    private readonly DigitReader _reader;
    private readonly DigitReader _readerWithSteps;
    private readonly UploadReader _uploads;
    private readonly ReadGate _gate;
    private readonly WebMetrics _metrics;
    private readonly ILogger<ReadEndpoint> _log;

    /// <summary>Creates the endpoint.</summary>
    public ReadEndpoint(WebOptions options, LoadedModel model, UploadReader uploads, ReadGate gate, WebMetrics metrics, ILogger<ReadEndpoint> log)
    {
        var limits = new ImageLimits { MaximumPixels = options.MaximumPixels, MaximumFileBytes = options.MaximumBodyBytes };
        _reader = new DigitReader(model.Model, options.Reader with { Limits = limits, KeepSteps = false });
        _readerWithSteps = new DigitReader(model.Model, options.Reader with { Limits = limits, KeepSteps = true });
        _uploads = uploads;
        _gate = gate;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Answers one request.</summary>
    /// <exception cref="BadHttpRequestException">There is no picture, it is too large, or there is no room.</exception>
    /// <exception cref="DigitException">The picture cannot be read.</exception>
    public async Task<FileContentHttpResult> HandleAsync(HttpContext context)
    {
        var single = Flag(context.Request, "single");
        var steps = Flag(context.Request, "steps");
        using var upload = await _uploads.ReadAsync(context.Request);
        using var turn = await _gate.EnterAsync(context.RequestAborted);
        var started = Stopwatch.GetTimestamp();
        var reader = steps ? _readerWithSteps : _reader;
        var reading = reader.Read(upload.Content, single, upload.Name, context.RequestAborted);
        var elapsed = Stopwatch.GetElapsedTime(started);
        _metrics.Read(reading, elapsed.TotalSeconds);
        _log.Read(upload.Length, reading.Width, reading.Height, reading.Verdict.ToName(), reading.Digits.Count, elapsed.TotalMilliseconds);
        return TypedResults.Bytes(ReadingDocument.Of(upload.Name, reading, steps ? reader.Model : null).ToUtf8Json(), "application/json; charset=utf-8");
    }

    private static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        "" => request.Query.ContainsKey(name),
        var other => throw new BadHttpRequestException($"The parameter {name} must be true or false; got '{other}'."),
    };
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Web.Http;
using DigitML.Web.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary><c>POST /api/read</c>: a picture in, what is read in it out; of several pictures an answer each.</summary>
internal sealed class ReadEndpoint
{
    /// <summary>Pictures that one request may have.</summary>
    public const int MostPictures = 100;

    /// <summary>What a question may carry.</summary>
    public static readonly string[] Parameters = ["single", "lines", "steps", "wanted"];

    private const int MostWanted = 20;

    private readonly Mlp _model;
    private readonly ReaderOptions _options;
    private readonly DigitReader _reader;
    private readonly Likeness _likeness;
    private readonly UploadReader _uploads;
    private readonly ReadGate _gate;
    private readonly WebMetrics _metrics;
    private readonly ILogger<ReadEndpoint> _log;

    /// <summary>Creates the endpoint.</summary>
    public ReadEndpoint(WebOptions options, LoadedModel model, Likeness likeness, UploadReader uploads, ReadGate gate, WebMetrics metrics, ILogger<ReadEndpoint> log)
    {
        _model = model.Model;
        _options = options.Reader with
        {
            Limits = new ImageLimits { MaximumPixels = options.MaximumPixels, MaximumFileBytes = options.MaximumBodyBytes },
            KeepSteps = false,
        };
        _reader = new DigitReader(_model, _options);
        _likeness = likeness;
        _uploads = uploads;
        _gate = gate;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Answers one request.</summary>
    /// <exception cref="BadHttpRequestException">There is no picture, it is too large, or there is no room.</exception>
    /// <exception cref="DigitException">The picture, the only one, cannot be read.</exception>
    public async Task<FileContentHttpResult> HandleAsync(HttpContext context)
    {
        var single = Flag(context.Request, "single");
        var steps = Flag(context.Request, "steps");
        var wanted = Wanted(context.Request);
        var lines = !context.Request.Query.ContainsKey("lines") || Flag(context.Request, "lines");
        var reader = steps || wanted.Count > 0 || !lines
            ? new DigitReader(_model, _options with { KeepSteps = steps, Wanted = wanted, HasLines = lines && _options.HasLines })
            : _reader;
        var pictures = _uploads.PicturesOf(context.Request);
        var first = await pictures.NextAsync();
        var second = default(Upload);
        try
        {
            second = await pictures.NextAsync();
            if (second is null)
            {
                return Json((await ReadAsync(first!, reader, single, context.RequestAborted)).ToUtf8Json());
            }

            return Json(await ReadAllAsync(pictures, first!, second, reader, single, context.RequestAborted));
        }
        finally
        {
            first?.Dispose();
            second?.Dispose();
        }
    }

    /// <summary>Answers several pictures, as JSON of a <c>readings</c> list; one that cannot be read has an error in its place, as a line of <c>predict --json</c> has.</summary>
    private async Task<byte[]> ReadAllAsync(UploadSeries pictures, Upload first, Upload second, DigitReader reader, bool single, CancellationToken cancellationToken)
    {
        var answer = new ArrayBufferWriter<byte>();
        answer.Write("{\"readings\":["u8);
        var count = 0;
        for (var picture = first; picture is not null; picture = count == 1 ? second : await pictures.NextAsync())
        {
            using (picture)
            {
                if (count == MostPictures)
                {
                    throw new BadHttpRequestException(Invariant($"Expected at most {MostPictures} pictures in one form. Send the others in another."), StatusCodes.Status413PayloadTooLarge);
                }

                answer.Write(count++ > 0 ? ","u8 : ""u8);
                try
                {
                    answer.Write((await ReadAsync(picture, reader, single, cancellationToken)).ToUtf8Json());
                }
                catch (DigitException error)
                {
                    answer.Write(System.Text.Encoding.UTF8.GetBytes(new ReadingErrorDocument(picture.Name, error.Message).ToJson()));
                }
            }
        }

        answer.Write("]}"u8);
        return answer.WrittenSpan.ToArray();
    }

    private async Task<ReadingDocument> ReadAsync(Upload picture, DigitReader reader, bool single, CancellationToken cancellationToken)
    {
        using var turn = await _gate.EnterAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var reading = reader.Read(picture.Content, single, picture.Name, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        _metrics.Read(reading, elapsed.TotalSeconds);
        _log.Read(picture.Length, reading.Width, reading.Height, reading.Verdict.ToName(), reading.Digits.Count, elapsed.TotalMilliseconds);
        return ReadingDocument.Of(picture.Name, reading, reader.Options.KeepSteps ? reader.Model : null, _likeness.Digits);
    }

    private static FileContentHttpResult Json(byte[] json) => TypedResults.Bytes(json, "application/json; charset=utf-8");

    private static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        "" => request.Query.ContainsKey(name),
        var other => throw new BadHttpRequestException($"The parameter {name} must be true or false; got '{other}'."),
    };

    /// <summary>Boxes whose ink is a digit's: <c>wanted=x,y,width,height</c>, as often as there are.</summary>
    private static List<PixelBox> Wanted(HttpRequest request)
    {
        var given = request.Query["wanted"];
        if (given.Count > MostWanted)
        {
            throw new BadHttpRequestException(Invariant($"The parameter wanted may be given at most {MostWanted} times; got {given.Count}."));
        }

        var boxes = new List<PixelBox>();
        foreach (var text in given)
        {
            var numbers = (text ?? "").Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
            boxes.Add(numbers is [>= 0, >= 0, > 0, > 0] && numbers.All(number => number <= 1_000_000)
                ? new PixelBox(numbers[0], numbers[1], numbers[2], numbers[3])
                : throw new BadHttpRequestException($"The parameter wanted must be x,y,width,height in whole pixels; got '{text}'."));
        }

        return boxes;
    }
}

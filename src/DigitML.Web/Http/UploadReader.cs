using System.IO.Pipelines;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace DigitML.Web.Http;

/// <summary>Takes the picture out of a request: the bare body, the first file of a form, or a data URL. Limits hold while reading.</summary>
internal sealed class UploadReader
{
    /// <summary>What a picture without a name is called.</summary>
    public const string NoName = "picture";

    private const int LongestName = 200;

    private readonly BodyBudget _budget;
    private readonly int _limit;
    private readonly TimeSpan _time;

    /// <summary>Creates the reader.</summary>
    public UploadReader(WebOptions options, BodyBudget budget)
    {
        _budget = budget;
        _limit = options.MaximumBodyBytes;
        _time = options.BodyTime;
    }

    /// <summary>Reads a request's picture.</summary>
    /// <returns>The picture; the caller disposes of it.</returns>
    /// <exception cref="BadHttpRequestException">400: there is none; 408: it came too slowly; 413: it is too large; 503: there is no room.</exception>
    public async Task<Upload> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > _limit)
        {
            throw TooLarge(_limit);
        }

        var upload = new Upload(_budget, _limit);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        time.CancelAfter(_time);
        try
        {
            _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
            if (type is not null && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                await ReadFormAsync(upload, request, type, time.Token);
            }
            else
            {
                await ReadAllAsync(upload, request.BodyReader, time.Token);
                upload.Name = NameIn(request.Headers.ContentDisposition);
                DataUrl.Unwrap(upload, isForm: type is not null && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));
            }

            return upload;
        }
        catch (Exception error)
        {
            upload.Dispose();
            throw Explain(error, request, time.IsCancellationRequested);
        }
    }

    /// <summary>What is said of a body that is too large.</summary>
    public static BadHttpRequestException TooLarge(int limit) =>
        new(FormattableString.Invariant($"Expected a picture of at most {limit:N0} bytes but this one is larger. Scale it down, or save it as JPEG."), StatusCodes.Status413PayloadTooLarge);

    private async Task ReadFormAsync(Upload upload, HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary))
        {
            throw new BadHttpRequestException("The form's Content-Type names no boundary. Let the client that builds the form set the header.");
        }

        var form = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8_192, BodyLengthLimit = _limit };
        while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.GetContentDispositionHeader() is not { } disposition)
            {
                continue;
            }

            if (disposition.IsFileDisposition())
            {
                await ReadAllAsync(upload, PipeReader.Create(section.Body), cancellationToken);
                upload.Name = NameIn(section.ContentDisposition);
                DataUrl.TryDecode(upload);
                return;
            }

            if (disposition.Name.Equals("image", StringComparison.OrdinalIgnoreCase) || disposition.Name.Equals("file", StringComparison.OrdinalIgnoreCase))
            {
                await ReadAllAsync(upload, PipeReader.Create(section.Body), cancellationToken);
                if (DataUrl.TryDecode(upload))
                {
                    return;
                }

                upload.Clear();
            }
        }

        throw new BadHttpRequestException("The form holds no file. Send the picture as a file field, as a data URL in the field image, or bare as the request's body.");
    }

    private static async Task ReadAllAsync(Upload upload, PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            upload.Append(result.Buffer);
            body.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private Exception Explain(Exception error, HttpRequest request, bool isOver) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(_limit),
        InvalidDataException => new BadHttpRequestException("The form is damaged: its parts disagree with multipart/form-data (RFC 7578) or it has too many headers."),
        OperationCanceledException when isOver && !request.HttpContext.RequestAborted.IsCancellationRequested =>
            new BadHttpRequestException(FormattableString.Invariant($"The picture took longer than {_time.TotalSeconds:0.###} s to arrive."), StatusCodes.Status408RequestTimeout),
        IOException when error is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested =>
            new BadHttpRequestException("The request's body ends before the form does. Send it again."),
        _ => error,
    };

    /// <summary>The file's own name, without folders and without what does not belong in one line.</summary>
    private static string NameIn(string? header)
    {
        if (!ContentDispositionHeaderValue.TryParse(header, out var disposition))
        {
            return NoName;
        }

        var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
        var name = new string([.. given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Where(letter => !char.IsControl(letter)).Take(LongestName)]).Trim();
        return name.Length > 0 ? name : NoName;
    }
}

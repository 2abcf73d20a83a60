using System.IO.Pipelines;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace DigitML.Web.Http;

/// <summary>The pictures of one request, one after the other: a bare body is one, a form has as many as it has files.</summary>
internal sealed class UploadSeries
{
    private readonly HttpRequest _request;
    private readonly BodyBudget _budget;
    private readonly int _limit;
    private readonly TimeSpan _time;
    private readonly MediaTypeHeaderValue? _type;
    private MultipartReader? _form;
    private int _count;

    /// <summary>Begins with a request.</summary>
    /// <param name="request">Its body has not been read.</param>
    /// <param name="budget">Where memory is counted.</param>
    /// <param name="limit">Bytes that a picture may have; all of a request's together are held to the same by the server.</param>
    /// <param name="time">How long each may take to arrive.</param>
    public UploadSeries(HttpRequest request, BodyBudget budget, int limit, TimeSpan time)
    {
        (_request, _budget, _limit, _time) = (request, budget, limit, time);
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out _type);
    }

    private bool IsForm => Is("multipart/form-data");

    /// <summary>Reads the next picture.</summary>
    /// <returns>The picture, which the caller disposes of; null when there is none left.</returns>
    /// <exception cref="BadHttpRequestException">400: the form is damaged or there is none at all; 408: it came too slowly; 413: it is too large; 503: there is no room.</exception>
    public async Task<Upload?> NextAsync()
    {
        if (!IsForm && _count > 0)
        {
            return null;
        }

        if (_request.ContentLength > _limit)
        {
            throw UploadReader.TooLarge(_limit);
        }

        var upload = new Upload(_budget, _limit);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(_request.HttpContext.RequestAborted);
        time.CancelAfter(_time);
        try
        {
            if (IsForm ? await ReadSectionAsync(upload, time.Token) : await ReadBodyAsync(upload, time.Token))
            {
                _count++;
                return upload;
            }

            upload.Dispose();
            return null;
        }
        catch (Exception error)
        {
            upload.Dispose();
            throw Explain(error, time.IsCancellationRequested);
        }
    }

    private bool Is(string type) => _type is not null && _type.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    private async Task<bool> ReadBodyAsync(Upload upload, CancellationToken cancellationToken)
    {
        await ReadAllAsync(upload, _request.BodyReader, cancellationToken);
        upload.Name = UploadReader.NameIn(_request.Headers.ContentDisposition);
        DataUrl.Unwrap(upload, isForm: Is("application/x-www-form-urlencoded"));
        return true;
    }

    private async Task<bool> ReadSectionAsync(Upload upload, CancellationToken cancellationToken)
    {
        _form ??= new MultipartReader(Boundary(), _request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8_192, BodyLengthLimit = _limit };
        while (await _form.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.GetContentDispositionHeader() is not { } disposition)
            {
                continue;
            }

            if (disposition.IsFileDisposition())
            {
                await ReadAllAsync(upload, PipeReader.Create(section.Body), cancellationToken);
                upload.Name = UploadReader.NameIn(section.ContentDisposition);
                DataUrl.TryDecode(upload);
                return true;
            }

            if (disposition.Name.Equals("image", StringComparison.OrdinalIgnoreCase) || disposition.Name.Equals("file", StringComparison.OrdinalIgnoreCase))
            {
                await ReadAllAsync(upload, PipeReader.Create(section.Body), cancellationToken);
                if (DataUrl.TryDecode(upload))
                {
                    return true;
                }

                upload.Clear();
            }
        }

        return _count > 0
            ? false
            : throw new BadHttpRequestException("The form holds no file. Send the picture as a file field, as a data URL in the field image, or bare as the request's body.");
    }

    private string Boundary()
    {
        var boundary = HeaderUtilities.RemoveQuotes(_type!.Boundary).Value;
        return string.IsNullOrWhiteSpace(boundary)
            ? throw new BadHttpRequestException("The form's Content-Type names no boundary. Let the client that builds the form set the header.")
            : boundary;
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

    private Exception Explain(Exception error, bool isOver)
    {
        var hasLeft = _request.HttpContext.RequestAborted.IsCancellationRequested;
        return error switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => UploadReader.TooLarge(_limit),
            InvalidDataException => new BadHttpRequestException("The form is damaged: its parts disagree with multipart/form-data (RFC 7578) or it has too many headers."),
            OperationCanceledException when isOver && !hasLeft =>
                new BadHttpRequestException(FormattableString.Invariant($"The picture took longer than {_time.TotalSeconds:0.###} s to arrive."), StatusCodes.Status408RequestTimeout),
            IOException when error is not BadHttpRequestException && !hasLeft =>
                new BadHttpRequestException("The request's body ends before the form does. Send it again."),
            _ => error,
        };
    }
}

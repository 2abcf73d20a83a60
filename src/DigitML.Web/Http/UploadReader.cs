using Microsoft.Net.Http.Headers;

namespace DigitML.Web.Http;

/// <summary>Takes pictures out of requests: the bare body, the files of a form, or data URLs. Limits hold while reading.</summary>
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

    /// <summary>A request's pictures.</summary>
    public UploadSeries PicturesOf(HttpRequest request) => new(request, _budget, _limit, _time);

    /// <summary>What is said of a body that is too large.</summary>
    public static BadHttpRequestException TooLarge(int limit) =>
        new(FormattableString.Invariant($"Expected a picture of at most {limit:N0} bytes but this one is larger. Scale it down, or save it as JPEG."), StatusCodes.Status413PayloadTooLarge);

    /// <summary>The file's own name, without folders and without what does not belong in one line.</summary>
    public static string NameIn(string? header)
    {
        if (!ContentDispositionHeaderValue.TryParse(header, out var disposition))
        {
            return NoName;
        }

        var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
        if (!disposition.FileNameStar.HasValue)
        {
            // So browsers write a quotation mark, and nothing else that shows (HTML's multipart/form-data encoding algorithm).
            given = given.Replace("%22", "\"", StringComparison.Ordinal);
        }

        var name = new string([.. given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Where(letter => !char.IsControl(letter)).Take(LongestName)]).Trim();
        return name.Length > 0 ? name : NoName;
    }
}

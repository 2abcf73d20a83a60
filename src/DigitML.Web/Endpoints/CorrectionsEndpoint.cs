using System.Security.Cryptography;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Web.Http;
using DigitML.Web.Monitoring;

namespace DigitML.Web.Endpoints;

/// <summary>
/// <c>POST /api/corrections</c>: a picture and the digit that it shows, kept for training. What is written is the picture in grey, as a
/// PNG made anew: nothing else of the file, neither its name nor where and when it was taken.
/// </summary>
internal sealed class CorrectionsEndpoint
{
    private readonly string? _folder;
    private readonly long _most;
    private readonly DecodeOptions _decoding;
    private readonly UploadReader _uploads;
    private readonly ReadGate _gate;
    private readonly ILogger<CorrectionsEndpoint> _log;
    private readonly Lock _lock = new();
    private long _held;

    /// <summary>Creates the endpoint, which is mapped when there is a folder.</summary>
    public CorrectionsEndpoint(WebOptions options, UploadReader uploads, ReadGate gate, ILogger<CorrectionsEndpoint> log)
    {
        _folder = options.CorrectionsFolder;
        _most = options.MaximumCorrectionBytes;
        _decoding = new DecodeOptions
        {
            Decoders = options.Reader.Decoders,
            Limits = new ImageLimits { MaximumPixels = options.MaximumPixels, MaximumFileBytes = options.MaximumBodyBytes },
            TargetSide = 1_200,
        };
        _uploads = uploads;
        _gate = gate;
        _log = log;
        _held = Directory.Exists(_folder) ? new DirectoryInfo(_folder).EnumerateFiles("*.png", SearchOption.AllDirectories).Sum(file => file.Length) : 0;
    }

    /// <summary>Keeps one.</summary>
    /// <exception cref="BadHttpRequestException">400: the digit or the picture is missing; 507: there is no room.</exception>
    /// <exception cref="DigitException">The picture cannot be read.</exception>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var label = context.Request.Query["label"].ToString();
        if (label is not [>= '0' and <= '9'])
        {
            throw new BadHttpRequestException($"The parameter label must be the digit that the picture shows, 0 to 9; got '{label}'.");
        }

        using var upload = await _uploads.PicturesOf(context.Request).NextAsync();
        using var turn = await _gate.EnterAsync(context.RequestAborted);
        var picture = ImageFile.Decode(upload!.Content, _decoding with { CancellationToken = context.RequestAborted }, upload.Name).Image;
        Keep(label, PngEncoder.Encode(picture));
        _log.Kept(label);
        return TypedResults.NoContent();
    }

    private void Keep(string label, byte[] png)
    {
        // Named after its content: the same picture is kept once, and no name of a visitor's touches the disk.
        var folder = Path.Combine(_folder!, label);
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(png))[..24]}.png");
        lock (_lock)
        {
            if (File.Exists(path))
            {
                return;
            }

            if (_held + png.Length > _most)
            {
                throw new BadHttpRequestException("The server keeps as many corrections as it has room for.", StatusCodes.Status507InsufficientStorage);
            }

            Directory.CreateDirectory(folder);
            var part = $"{path}.part";
            File.WriteAllBytes(part, png);
            File.Move(part, path, overwrite: true);
            _held += png.Length;
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>How far pictures have been read.</summary>
/// <param name="Done">Pictures that were read.</param>
/// <param name="Total">Pictures in all.</param>
public readonly record struct PictureProgress(int Done, int Total)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PictureProgress), PrintMembers);
}

/// <summary>A picture that could not be read.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Reason">What is wrong, in one line.</param>
public sealed record UnreadPicture(string File, string Reason);

/// <summary>Decodes many pictures on all cores and brings them to one size; what came out is kept in a cache by what went in.</summary>
internal sealed class PictureSet
{
    private const int ReportEvery = 256;

    private readonly IReadOnlyList<string> _names;
    private readonly Func<int, byte[]> _read;
    private readonly ImageFolderOptions _options;
    private readonly byte[] _status;
    private readonly string?[] _reasons;
    private byte[] _pixels = [];

    private PictureSet(IReadOnlyList<string> names, Func<int, byte[]> read, ImageFolderOptions options)
    {
        (_names, _read, _options) = (names, read, options);
        _status = new byte[names.Count];
        _reasons = new string?[names.Count];
    }

    private enum Status : byte
    {
        Read,
        Unread,
        Empty,
    }

    private int Size => _options.Width * _options.Height;

    private ParallelOptions Parallelism(CancellationToken token) => new() { MaxDegreeOfParallelism = _options.Threads == 0 ? Environment.ProcessorCount : _options.Threads, CancellationToken = token };

    /// <summary>Reads pictures.</summary>
    /// <param name="names">What errors call each of them.</param>
    /// <param name="read">Gives a picture file's bytes; called from many threads.</param>
    /// <param name="options">Size, frame, decoders, cache.</param>
    /// <param name="progress">Told every few hundred pictures.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The pixels of those that were read, in their order, which they are, those that were not, and how they were framed.</returns>
    public static PictureSetResult Read(IReadOnlyList<string> names, Func<int, byte[]> read, ImageFolderOptions options, IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
    {
        var size = options.Width * options.Height;
        if ((long)names.Count * size > Array.MaxLength)
        {
            throw new DigitException(Invariant($"{names.Count} pictures of {options.Width}×{options.Height} are more than the {Array.MaxLength / size} that are read at once. Take fewer, or smaller ones."));
        }

        return new PictureSet(names, read, options).Run(progress, cancellationToken);
    }

    private PictureSetResult Run(IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
    {
        var frame = _options.Frame ?? PictureFrame.Fit(_options.Width, _options.Height);
        var cache = _options.CacheFolder is { } folder ? new PictureCache(folder) : null;
        var key = cache is null ? "" : Key(frame, cancellationToken);
        if (cache?.TryLoad(key, _names.Count, Size) is { } kept)
        {
            (_pixels, var status) = kept;
            status.CopyTo(_status, 0);

            // Why some were not read is not kept, so those few are tried again.
            Decode(frame, [.. Enumerable.Range(0, _names.Count).Where(i => _status[i] != (byte)Status.Read)], null, cancellationToken);
        }
        else
        {
            _pixels = new byte[_names.Count * Size];
            Decode(frame, [.. Enumerable.Range(0, _names.Count)], progress, cancellationToken);
            cache?.Save(key, _pixels, _status, _options.MaximumCacheBytes);
        }

        progress?.Report(new PictureProgress(_names.Count, _names.Count));
        return Collect(frame);
    }

    private void Decode(PictureFrame frame, int[] indices, IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
    {
        var decoding = new DecodeOptions { Decoders = _options.Decoders, Limits = _options.Limits, TargetSide = frame.WorkingSide };
        var done = 0;
        Parallel.ForEach(indices, Parallelism(cancellationToken), i =>
        {
            try
            {
                var decoded = ImageFile.Decode(_read(i), decoding);
                var isRead = frame.TryPut(decoded.Image, _pixels.AsSpan(i * Size, Size));
                _status[i] = (byte)(isRead ? Status.Read : Status.Empty);
                _reasons[i] = isRead ? null : "no ink was found in it.";
            }
            catch (DigitException error)
            {
                _status[i] = (byte)Status.Unread;
                _reasons[i] = error.Message;
            }

            if (Interlocked.Increment(ref done) is var now && now % ReportEvery == 0)
            {
                progress?.Report(new PictureProgress(now, indices.Length));
            }
        });
    }

    private PictureSetResult Collect(PictureFrame frame)
    {
        var kept = Enumerable.Range(0, _names.Count).Where(i => _status[i] == (byte)Status.Read).ToArray();
        var unread = Enumerable.Range(0, _names.Count).Where(i => _status[i] != (byte)Status.Read).Select(i => new UnreadPicture(_names[i], _reasons[i] ?? "cannot be read.")).ToArray();
        var pixels = _pixels;
        if (unread.Length > 0)
        {
            pixels = new byte[kept.Length * Size];
            for (var i = 0; i < kept.Length; i++)
            {
                _pixels.AsSpan(kept[i] * Size, Size).CopyTo(pixels.AsSpan(i * Size));
            }
        }

        var name = frame.Name;
        if (_options.Frame is null)
        {
            // Ground and ink are the same throughout a collection, and most pictures show which is which.
            var light = 0;
            for (var i = 0; i < kept.Length; i++)
            {
                light += PictureFrame.HasLightGround(pixels.AsSpan(i * Size, Size), _options.Width, _options.Height) ? 1 : 0;
            }

            if (2 * light > kept.Length)
            {
                name = PictureFrame.Fit(_options.Width, _options.Height, isInverted: true).Name;
                foreach (ref var pixel in pixels.AsSpan())
                {
                    pixel = (byte)(255 - pixel);
                }
            }
        }

        return new PictureSetResult(pixels, kept, unread, name);
    }

    /// <summary>A name for these pictures brought to this size in this way, from their content.</summary>
    private string Key(PictureFrame frame, CancellationToken cancellationToken)
    {
        var hashes = new byte[_names.Count * SHA256.HashSizeInBytes];
        Parallel.For(0, _names.Count, Parallelism(cancellationToken), i =>
        {
            var target = hashes.AsSpan(i * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
            try
            {
                SHA256.HashData(_read(i), target);
            }
            catch (DigitException)
            {
                // Its turn comes again, with a reason.
                target.Fill(255);
            }
        });
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes(Invariant($"1 {typeof(PictureSet).Assembly.GetName().Version} {typeof(PictureSet).Module.ModuleVersionId} {frame.Name} {_options.Width} {_options.Height} {string.Join(' ', _options.Decoders.Select(decoder => decoder.Format))}")));
        all.AppendData(hashes);
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}

/// <summary>Pictures of one size.</summary>
/// <param name="Pixels">[those read, height, width].</param>
/// <param name="Read">Which of the pictures asked for they are.</param>
/// <param name="Unread">The others, with reasons.</param>
/// <param name="Frame">The name of the frame that brought them there; null for none.</param>
internal sealed record PictureSetResult(byte[] Pixels, int[] Read, IReadOnlyList<UnreadPicture> Unread, string? Frame);

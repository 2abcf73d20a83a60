using System.Globalization;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>Fetches MNIST's files that a folder lacks: beside under another name, checked, then renamed.</summary>
internal static class MnistDownload
{
    private const int BufferBytes = 1 << 16;
    private const int ConnectSeconds = 10;

    /// <summary>Fetches what is missing or wrong.</summary>
    /// <param name="folder">Where the archives shall lie; made when it is not there.</param>
    /// <param name="options">Mirrors, timeouts and what sends requests.</param>
    /// <param name="progress">Reported to about every block received.</param>
    /// <param name="cancellationToken">Ends the download; nothing half-fetched is left.</param>
    /// <exception cref="DigitException">A file could not be had from any mirror, or the folder cannot be written.</exception>
    public static async Task RunAsync(string folder, MnistOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.Mirrors.Count == 0)
        {
            throw new DigitException("download: no mirror is named.");
        }

        var isNew = !Directory.Exists(folder);
        using var ownHandler = options.Handler is null ? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(ConnectSeconds) } : null;
        using var client = new HttpClient(options.Handler ?? ownHandler!, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in MnistFile.All)
            {
                if (!IsThere(folder, file, cancellationToken))
                {
                    await FetchAsync(client, folder, file, options, progress, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{folder}: cannot be written: {error.Message}", error);
        }
        finally
        {
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    private static bool IsThere(string folder, MnistFile file, CancellationToken cancellationToken)
    {
        if (MnistFolder.Find(folder, file) is not { } path)
        {
            return false;
        }

        try
        {
            MnistFolder.ReadChecked(folder, file, cancellationToken);
            return true;
        }
        catch (DigitException)
        {
            // A damaged file would be found before the good one; what stands under the archive's own name is replaced.
            if (!path.EndsWith(ArchiveName(file), StringComparison.Ordinal))
            {
                throw;
            }

            return false;
        }
    }

    private static async Task FetchAsync(HttpClient client, string folder, MnistFile file, MnistOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var mirror in options.Mirrors)
        {
            var address = new Uri(mirror, ArchiveName(file));
            try
            {
                await FetchAsync(client, address, folder, file, options, progress, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is DigitException or HttpRequestException)
            {
                failures.Add(error is DigitException ? error.Message : $"{address}: {error.Message}");
            }
        }

        throw new DigitException($"download failed: {string.Join(" ", failures.Select(failure => failure.TrimEnd('.') + "."))}");
    }

    private static async Task FetchAsync(HttpClient client, Uri address, string folder, MnistFile file, MnistOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(silence.Token);
        var path = Path.Combine(folder, ArchiveName(file));
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            whole.CancelAfter(options.FileTimeout);
            silence.CancelAfter(options.SilenceTimeout);
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, whole.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new DigitException($"{address}: the server answered {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)} {response.ReasonPhrase}.");
            }

            // The archive is smaller than what it holds, so what it holds bounds what is fetched.
            var total = response.Content.Headers.ContentLength;
            if (total > file.Length)
            {
                throw TooLong(address, file);
            }

            await using (var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                var source = await response.Content.ReadAsStreamAsync(whole.Token).ConfigureAwait(false);
                var buffer = new byte[BufferBytes];
                long received = 0;
                for (int read; (read = await source.ReadAsync(buffer, whole.Token).ConfigureAwait(false)) > 0;)
                {
                    silence.CancelAfter(options.SilenceTimeout);
                    received += read;
                    if (received > file.Length)
                    {
                        throw TooLong(address, file);
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), whole.Token).ConfigureAwait(false);
                    progress?.Report(new DownloadProgress(file.Name, address, received, total));
                }

                target.Flush(flushToDisk: true);
                target.Position = 0;
                using var content = new ContentFile(target, address.ToString());
                MnistFolder.ReadChecked(content, file, cancellationToken);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var why = silence.IsCancellationRequested
                ? Invariant($"nothing came for {options.SilenceTimeout.TotalSeconds:0.#} s")
                : Invariant($"not done after {options.FileTimeout.TotalSeconds:0.#} s");
            throw new DigitException($"{address}: {why}.", error);
        }
        catch (IOException error) when (error is HttpIOException || error.InnerException is System.Net.Sockets.SocketException)
        {
            throw new DigitException($"{address}: the connection broke: {error.Message}", error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static DigitException TooLong(Uri address, MnistFile file) =>
        new($"{address}: longer than the {file.Length} bytes that {file.Name} has even unpacked; this is not MNIST.");

    private static string ArchiveName(MnistFile file) => $"{file.Name}.gz";
}

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="BytesReceived">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all, when the server said.</param>
public readonly record struct DownloadProgress(string File, Uri Address, long BytesReceived, long? TotalBytes)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DownloadProgress), PrintMembers);
}

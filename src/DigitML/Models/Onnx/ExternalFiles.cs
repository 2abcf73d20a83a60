namespace DigitML.Models.Onnx;

/// <summary>Where a tensor's numbers lie when they are in a file beside the model's: ONNX's external data.</summary>
internal sealed record ExternalPlace
{
    /// <summary>The file, as a path from the model's folder.</summary>
    public string Location { get; init; } = "";

    /// <summary>The first byte.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes; null to the file's end.</summary>
    public long? Length { get; init; }
}

/// <summary>Reads parts of the files beside a model, and of no others.</summary>
/// <param name="folder">The model's folder; null when the model came from memory or a stream, and nothing lies beside it.</param>
internal sealed class ExternalFiles(string? folder)
{
    private const string LoadByPath = "load the model by its path, with that file beside it, or export it into one file";

    /// <summary>Bytes of all files together that are left to be read.</summary>
    private long _left = Mlp.MaximumFileBytes;

    /// <summary>Checks that a place has so many bytes, before anything is allocated for them.</summary>
    /// <returns>The file's path.</returns>
    public string Check(ExternalPlace place, long bytes, string tensor)
    {
        if (folder is null)
        {
            throw new OnnxFormatException($"tensor {Quote.Name(tensor)} has its numbers in another file, {Quote.Name(place.Location)} (external data); {LoadByPath}");
        }

        var path = PathOf(place.Location, tensor);
        var file = new FileInfo(path);
        if (file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
        {
            // A link's own length is that of the path it holds.
            file = target;
        }

        if (!file.Exists)
        {
            throw new OnnxFormatException($"tensor {Quote.Name(tensor)} has its numbers in {Quote.Name(place.Location)}, which is not there; put it beside the model's file, by that name");
        }

        if (place.Length is { } length && length != bytes)
        {
            throw new OnnxFormatException(Invariant($"tensor {Quote.Name(tensor)} takes {bytes} bytes but {length} are given for it in {Quote.Name(place.Location)}; the file is damaged"));
        }

        if (place.Offset < 0 || bytes > file.Length || place.Offset > file.Length - bytes)
        {
            throw new OnnxFormatException(Invariant($"tensor {Quote.Name(tensor)} takes {bytes} bytes from {place.Offset} of {Quote.Name(place.Location)}, which has {file.Length}; it is cut short or another model's"));
        }

        return bytes <= _left ? path : throw new OnnxFormatException(Invariant($"its tensors take more than {Mlp.MaximumFileBytes} bytes of the files beside it"));
    }

    /// <summary>Reads the bytes of a place.</summary>
    public byte[] Read(ExternalPlace place, long bytes, string tensor)
    {
        var path = Check(place, bytes, tensor);
        _left -= bytes;
        try
        {
            using var file = File.OpenHandle(path);
            var content = new byte[bytes];
            var done = 0;
            while (done < content.Length)
            {
                var read = RandomAccess.Read(file, content.AsSpan(done), place.Offset + done);
                if (read == 0)
                {
                    throw new EndOfStreamException("it became shorter while it was read");
                }

                done += read;
            }

            return content;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxFormatException($"{Quote.Name(place.Location)}, which holds tensor {Quote.Name(tensor)}, cannot be read: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    /// <summary>The path of a location that stays in the folder; a model from outside must not name other files of the machine.</summary>
    private string PathOf(string location, string tensor)
    {
        var parts = location.Split('/');
        if (location.Length is 0 or > 1024 || Path.IsPathRooted(location) || location.AsSpan().ContainsAny('\\', ':', '\0') || parts.Any(part => part is "" or "." or ".."))
        {
            throw OutOfFolder(location, tensor);
        }

        var root = Path.GetFullPath(folder!);
        var path = root;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo? target;
            try
            {
                target = File.ResolveLinkTarget(path, returnFinalTarget: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // What is not there is said later; a link that leads round in a circle leads nowhere.
                target = null;
            }

            if (target is not null && !target.FullName.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw OutOfFolder(location, tensor);
            }
        }

        return path;
    }

    private static OnnxFormatException OutOfFolder(string location, string tensor) =>
        new($"tensor {Quote.Name(tensor)} has its numbers in {Quote.Name(location)}; DigitML reads files in the model's own folder alone, without links out of it");
}

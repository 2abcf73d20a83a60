using DigitML.IO;

namespace DigitML.Data;

/// <summary>Finds, unpacks and checks MNIST's files in a folder.</summary>
internal static class MnistFolder
{
    private const int BlockBytes = 1 << 20;

    /// <summary>The file under one of the names it goes by, gzipped or not; null when it is not there.</summary>
    public static string? Find(string folder, MnistFile file) => Find(folder, file.Name);

    /// <inheritdoc cref="Find(string, MnistFile)"/>
    public static string? Find(string folder, string fileName)
    {
        // Some archives unpack to train-images.idx3-ubyte, with a dot.
        var dotted = fileName.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] names = [fileName, $"{fileName}.gz", dotted, $"{dotted}.gz"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>A file's content, unpacked and checked.</summary>
    /// <exception cref="DigitException">The file is not there, or is not MNIST's to the last byte.</exception>
    public static byte[] ReadChecked(string folder, MnistFile file, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new DigitException($"{folder}: no such folder.");
        }

        var path = Find(folder, file) ?? throw new DigitException($"{folder}: no {file.Name} or {file.Name}.gz in it.");
        using var content = ContentFile.Open(path);
        return ReadChecked(content, file, cancellationToken);
    }

    /// <summary>A file's content, checked.</summary>
    /// <exception cref="DigitException">The content is not MNIST's to the last byte.</exception>
    public static byte[] ReadChecked(ContentFile content, MnistFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Length];
        var length = 0;
        for (var (read, wanted) = (1, 1); read == wanted && length < bytes.Length; length += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            wanted = Math.Min(BlockBytes, bytes.Length - length);
            read = content.Read(bytes.AsSpan(length, wanted));
        }

        // One byte more than expected tells a file that is too long; no file makes the buffer longer.
        length += content.Read(stackalloc byte[1]);
        if (length != file.Length)
        {
            throw new DigitException($"{content.Name}: expected MNIST's {file.Name} of {file.Length} bytes unpacked but found {(length > file.Length ? "more" : Invariant($"{length}"))}. Get the file again.");
        }

        var hash = FileHash.Of(bytes);
        return hash == file.Sha256
            ? bytes
            : throw new DigitException($"{content.Name}: the content is not MNIST's {file.Name}: expected SHA-256 {file.Sha256} but found {hash}. Get the file again.");
    }
}

using System.Security.Cryptography;

namespace DigitML.IO;

/// <summary>What names the content of files: SHA-256, in lower-case hexadecimal.</summary>
internal static class FileHash
{
    /// <summary>The hash of a file, read piece by piece.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there or cannot be read.</exception>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var stream = PipeFile.Open(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The hash of a file's content.</summary>
    /// <param name="content">All of it.</param>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

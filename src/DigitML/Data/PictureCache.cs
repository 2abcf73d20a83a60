using DigitML.IO;

namespace DigitML.Data;

/// <summary>A folder that keeps decoded pictures under the hash of what they were decoded from. It may vanish at any time: it is never needed.</summary>
/// <param name="folder">Made when something is kept.</param>
internal sealed class PictureCache(string folder)
{
    private static ReadOnlySpan<byte> Magic => "DigitML pictures 1"u8;

    /// <summary>What was kept under a key; null when nothing whole is there.</summary>
    /// <param name="key">Hexadecimal.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="size">Pixels of each.</param>
    public (byte[] Pixels, byte[] Status)? TryLoad(string key, int count, int size)
    {
        try
        {
            var path = PathOf(key);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Span<byte> magic = stackalloc byte[Magic.Length];
            if (file.Length != Magic.Length + count + ((long)count * size) || file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual(Magic))
            {
                return null;
            }

            var (status, pixels) = (new byte[count], new byte[count * size]);
            file.ReadExactly(status);
            file.ReadExactly(pixels);
            File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
            return (pixels, status);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps what was decoded; a disk that is full or read-only is no error.</summary>
    /// <param name="key">Hexadecimal.</param>
    /// <param name="pixels">[count, size].</param>
    /// <param name="status">[count].</param>
    /// <param name="maximumBytes">What the folder may hold.</param>
    public void Save(string key, byte[] pixels, byte[] status, long maximumBytes)
    {
        if (pixels.Length + (long)status.Length > maximumBytes)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(PathOf(key), stream =>
            {
                stream.Write(Magic);
                stream.Write(status);
                stream.Write(pixels);
            });

            // What was used longest ago goes.
            long kept = 0;
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.pictures").OrderByDescending(file => file.LastAccessTimeUtc))
            {
                kept += file.Length;
                if (kept > maximumBytes)
                {
                    file.Delete();
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DigitException)
        {
            // The next run decodes again.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, $"{key}.pictures");
}

using DigitML.IO;

namespace DigitML.Cli;

/// <summary>A folder that results go to, checked before the work that makes them.</summary>
internal static class OutputFolder
{
    /// <summary>Makes sure that files can be written into a folder, or that it can be made; leaves no trace.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="option">The option that named it, for the error.</param>
    /// <exception cref="DigitException">The folder cannot be made or written to.</exception>
    public static void Check(string folder, string option)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new DigitException($"{option} must name a folder; got '{folder}'.");
        }

        try
        {
            // A folder that is not there yet is as writable as the nearest one above it that is.
            var existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing))
            {
                if (File.Exists(existing))
                {
                    throw new DigitException($"{folder}: cannot be written to because {existing} is a file; choose another folder with {option}.");
                }

                existing = Path.GetDirectoryName(existing) ?? throw new DirectoryNotFoundException($"There is no {existing}.");
            }

            var probe = Path.Combine(existing, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DigitException($"{folder}: cannot be written to ({error.Message}); choose another folder with {option}.", error);
        }
    }

    /// <summary>Throws when a file cannot be written where it is asked for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="option">What the command line calls it.</param>
    /// <param name="example">A name that would do.</param>
    /// <exception cref="DigitException">It names no file, or its folder cannot be one.</exception>
    public static void CheckFile(string file, string option, string example)
    {
        Check(Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".", option);
        if (file.Length == 0 || Directory.Exists(file))
        {
            throw new DigitException($"{option} must name a file, such as {example}; got '{file}'.");
        }
    }
}

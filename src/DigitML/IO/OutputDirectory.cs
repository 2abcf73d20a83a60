namespace DigitML.IO;

/// <summary>Makes the folders that results are written to.</summary>
internal static class OutputDirectory
{
    /// <summary>Makes a folder, with those above it, unless it is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DigitException">It cannot be made.</exception>
    public static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
    }
}

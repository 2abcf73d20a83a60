namespace DigitML.Tests.IO;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("digitml-test-").FullName;

    public string File(string name) => Path.Combine(FullName, name);

    /// <summary>Names of the files and folders in it, at any depth, with / between.</summary>
    public string[] Entries => [.. Directory.EnumerateFileSystemEntries(FullName, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(FullName, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}

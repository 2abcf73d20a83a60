namespace DigitML.Tests.House;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds DigitML.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path in the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Files that are kept in git, as far as names tell: what is built, downloaded or written by runs is left out.</summary>
    public static IEnumerable<string> Files(string folder = "")
    {
        string[] left = [".git", "bin", "obj", "out", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules", ".vs", ".idea"];
        return new DirectoryInfo(Path.Combine(Root, folder)).EnumerateFileSystemInfos()
            .Where(entry => !left.Contains(entry.Name))
            .SelectMany(entry => entry is DirectoryInfo ? Files(Path.GetRelativePath(Root, entry.FullName)) : [entry.FullName]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DigitML.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No DigitML.sln above {AppContext.BaseDirectory}.");
    }
}

using DigitML.IO;

namespace DigitML.Benchmarks.Reporting;

/// <summary>The repository that this program was built in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds DigitML.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DigitML.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DigitException($"No DigitML.sln above {AppContext.BaseDirectory}. Run the benchmarks from where they were built.");
    }
}

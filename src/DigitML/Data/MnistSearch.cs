namespace DigitML.Data;

/// <summary>Where MNIST is looked for.</summary>
internal static class MnistSearch
{
    /// <summary>A place on the list.</summary>
    /// <param name="Role">How the place came on the list, for messages.</param>
    /// <param name="Folder">The folder; null when there is none, which <paramref name="Role"/> then explains.</param>
    internal readonly record struct Place(string Role, string? Folder);

    /// <summary>All places, the first to be tried first.</summary>
    public static IReadOnlyList<Place> Places(MnistOptions options)
    {
        if (options.Folder is not null)
        {
            return [new Place("the folder given", options.Folder)];
        }

        var variable = options.Environment(MnistOptions.FolderVariable);
        var repository = options.StartFolders.Select(FindRepository).FirstOrDefault(folder => folder is not null);
        var cache = CacheFolder(options);
        return
        [
            string.IsNullOrWhiteSpace(variable)
                ? new Place($"{MnistOptions.FolderVariable} is not set", null)
                : new Place(MnistOptions.FolderVariable, variable),
            repository is null
                ? new Place("not inside the repository", null)
                : new Place("the repository", Path.Combine(repository, "data", "mnist")),
            cache is null
                ? new Place("this user has no cache folder", null)
                : new Place("the cache", cache),
        ];
    }

    /// <summary>Where downloads are kept; null when the operating system names no folder of the user's.</summary>
    public static string? CacheFolder(MnistOptions options) => options.CacheFolder ?? IO.CacheFolder.Of("mnist", options.Environment);

    private static string? FindRepository(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DigitML.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}

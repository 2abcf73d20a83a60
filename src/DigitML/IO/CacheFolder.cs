namespace DigitML.IO;

/// <summary>Where what can be made anew is kept for this user.</summary>
internal static class CacheFolder
{
    /// <summary>A folder in the user's cache; null when the operating system names none.</summary>
    /// <param name="name">What is kept there.</param>
    /// <param name="environment">Gives variables of the environment; null for this process's.</param>
    public static string? Of(string name, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string? root;
        if (OperatingSystem.IsWindows())
        {
            root = environment("LOCALAPPDATA");
        }
        else if (OperatingSystem.IsMacOS())
        {
            root = Under(environment("HOME"), "Library", "Caches");
        }
        else
        {
            // XDG Base Directory Specification: a relative path is to be ignored.
            var named = environment("XDG_CACHE_HOME");
            root = Path.IsPathRooted(named) ? named : Under(environment("HOME"), ".cache");
        }

        return Under(root, "digitml", name);
    }

    private static string? Under(string? root, params string[] names) =>
        string.IsNullOrWhiteSpace(root) ? null : Path.Combine([root, .. names]);
}

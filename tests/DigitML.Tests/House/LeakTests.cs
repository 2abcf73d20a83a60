using System.Text.RegularExpressions;

namespace DigitML.Tests.House;

/// <summary>The repository speaks of the project alone: no path of one machine and no host of a package registry is in it.</summary>
public partial class LeakTests
{
    // With blanks for points, so that this file does not find itself.
    private static readonly string[] Hosts = [.. new[] { "nuget org", "npmjs org", "deb debian org", "pypi org" }.Select(host => host.Replace(' ', '.'))];

    [Fact]
    public void Files_AllOfTheRepository_NameNoMachineAndNoRegistry()
    {
        var found =
            from path in Repository.Files()
            where new FileInfo(path).Length < 4_000_000
            from line in File.ReadLines(path)
            where Hosts.Any(host => line.Contains(host, StringComparison.Ordinal)) || MachinePath().IsMatch(line)
            select $"{Path.GetRelativePath(Repository.Root, path)}: {line.Trim()}";

        Assert.Empty(found);
    }

    [GeneratedRegex("""(?<![\w./*])/(work|farm|root|home/[a-z]+|tmp/[a-z_]+|Users/[A-Za-z]+)/""")]
    private static partial Regex MachinePath();
}

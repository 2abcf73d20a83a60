using DigitML.IO;

namespace DigitML.Cli.Tests;

public class OutputFolderTests
{
    [Fact]
    public void Check_FolderThatIsNotThereYet_LeavesNoTrace()
    {
        using var place = new TemporaryFolder();

        OutputFolder.Check(place.File(Path.Combine("a", "b")), "--output");
        OutputFolder.Check(place.FullName, "--output");

        Assert.Empty(place.Entries);
    }

    [Fact]
    public void Check_FileInTheWay_NamesItAndTheOption()
    {
        using var place = new TemporaryFolder();
        File.WriteAllText(place.File("a"), "");

        var error = Assert.Throws<DigitException>(() => OutputFolder.Check(place.File(Path.Combine("a", "b")), "--report"));

        Assert.Contains($"{place.File("a")} is a file", error.Message);
        Assert.Contains("--report", error.Message);
    }

    [Fact]
    public void Check_FolderNobodyCanWriteTo_IsAnError()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc, which nobody can write to.");
        Assert.Throws<DigitException>(() => OutputFolder.Check("/proc/sys/digits", "--output"));
    }
}

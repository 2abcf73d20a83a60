using DigitML.IO;

namespace DigitML.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_OverAnOldFile_LeavesTheNewContentAlone()
    {
        var path = _folder.File("a.bin");
        File.WriteAllBytes(path, new byte[100]);

        AtomicFile.Write(path, new byte[] { 1, 2, 3 });

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Write_WriterFailsHalfway_KeepsTheOldFileAndNoRest()
    {
        var path = _folder.File("a.bin");
        File.WriteAllText(path, "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[70_001]);
            throw new InvalidOperationException("halfway");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Write_DiskFails_IsOneLineThatNamesTheFile()
    {
        var path = _folder.File("a.bin");
        var error = Assert.Throws<DigitException>(() => AtomicFile.Write(path, _ => throw new IOException("disk full")));
        Assert.Equal($"{path}: cannot be written: disk full", error.Message);
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Write_FolderMissing_SaysToCreateIt()
    {
        var error = Assert.Throws<DigitException>(() => AtomicFile.Write(_folder.File("no/a.bin"), new byte[1]));
        Assert.Contains("does not exist; create it first", error.Message);
    }

    [Fact]
    public void Write_FolderGivenAsFile_SaysSo()
    {
        var error = Assert.Throws<DigitException>(() => AtomicFile.Write(_folder.FullName, new byte[1]));
        Assert.Contains("this is a folder", error.Message);
    }

    [Fact]
    public void Write_ThroughALink_WritesItsTargetAndKeepsTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows gives links to administrators alone.");
        var target = _folder.File("target.bin");
        var link = _folder.File("link.bin");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, target);

        AtomicFile.Write(link, "new"u8.ToArray());

        Assert.Equal("new", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }
}

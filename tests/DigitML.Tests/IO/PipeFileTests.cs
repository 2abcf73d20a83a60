using System.Diagnostics;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Tests.IO;

public sealed class PipeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NamedPipeWithinRemember_GivesTheSameBytesAgainAndAgain()
    {
        var pipe = NamedPipe();
        var bytes = new byte[200_003];
        new Random(71).NextBytes(bytes);
        using var memory = PipeFile.Remember(() => Stream.Null);
        var writer = WriteAsync(pipe, bytes);

        Assert.Equal(bytes, BoundedFile.Read(pipe, bytes.Length, "a thing"));
        Assert.Equal(FileHash.Of(bytes), FileHash.Of(pipe));
        Assert.Equal(bytes, PipeFile.TryRead(pipe, _ => (0, "nothing")));
        await writer;
    }

    [Fact]
    public async Task Open_NamedPipeByItself_IsReadOnce()
    {
        var pipe = NamedPipe();
        var writer = WriteAsync(pipe, [1, 2, 3]);

        using var stream = PipeFile.Open(pipe);

        Assert.True(stream.CanSeek);
        Assert.Equal(3, stream.Length);
        await writer;
    }

    [Fact]
    public async Task ReadIdx_ThroughANamedPipe_IsWhatTheFileHolds()
    {
        var digits = SyntheticDigits.Create(31, seed: 72);
        IdxWriter.WriteImages(digits, _folder.File("images.gz"));
        var pipe = NamedPipe();
        var writer = WriteAsync(pipe, File.ReadAllBytes(_folder.File("images.gz")));

        Assert.Equal(digits.Pixels.ToArray(), IdxReader.ReadImages(pipe).Pixels.ToArray());
        await writer;
    }

    [Fact]
    public void TryRead_StandardInput_HasThreeNamesAndOneContent()
    {
        var opened = 0;
        using var memory = PipeFile.Remember(() =>
        {
            opened++;
            return new Once([5, 6, 7]);
        });

        Assert.All(["-", "/dev/stdin", "-", "/dev/fd/0"], name => Assert.Equal([5, 6, 7], PipeFile.TryRead(name, _ => (3, "three bytes"))));
        Assert.Equal(1, opened);
    }

    [Fact]
    public void TryRead_MoreThanTheLimitOfWhatItBeginsAs_IsRefused()
    {
        using var memory = PipeFile.Remember(() => new Once(new byte[10_000]));

        var error = Assert.Throws<DigitException>(() => PipeFile.TryRead("-", head => (head.Length + 1, "a thing")));

        Assert.Equal("-: expected a thing of at most 4097 bytes but it is larger.", error.Message);
    }

    [Fact]
    public void TryRead_AFileAFolderOrNothing_IsNoPipe()
    {
        File.WriteAllText(_folder.File("file"), "text");

        Assert.All([_folder.File("file"), _folder.File("none"), _folder.FullName, ""], path => Assert.Null(PipeFile.TryRead(path, _ => (0, "nothing"))));
    }

    [Fact]
    public void Open_ADashOutsideOfRemember_IsAFileOfThatName() => Assert.Throws<FileNotFoundException>(() => PipeFile.Open("-"));

    [Theory]
    [InlineData("-", "-")]
    [InlineData("folder/x.csv", "x.csv")]
    [InlineData("/dev/fd/63", "/dev/fd/63")]
    public void NameOf_APath_IsWhatTellsItFromOthers(string path, string expected) => Assert.Equal(expected, PipeFile.NameOf(path));

    private string NamedPipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes among its files.");
        var path = _folder.File("pipe");
        using var mkfifo = Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        return path;
    }

    // A pipe's writer waits for its reader.
    private static Task WriteAsync(string pipe, byte[] bytes) => Task.Run(() =>
    {
        using var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(bytes);
    });

    private sealed class Once(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

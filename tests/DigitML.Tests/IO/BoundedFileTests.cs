using DigitML.IO;

namespace DigitML.Tests.IO;

public sealed class BoundedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(81_919)]
    [InlineData(200_003)]
    public void Read_AnySizeUpToTheLimit_GivesTheBytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(_folder.File("a"), bytes);
        Assert.Equal(bytes, BoundedFile.Read(_folder.File("a"), 200_003, "a thing"));
    }

    [Fact]
    public void Read_OneByteOverTheLimit_IsRefused()
    {
        File.WriteAllBytes(_folder.File("a"), new byte[38]);
        var error = Assert.Throws<DigitException>(() => BoundedFile.Read(_folder.File("a"), 37, "a thing"));
        Assert.Equal($"{_folder.File("a")}: expected a thing of at most 37 bytes but it is larger.", error.Message);
    }

    [Fact]
    public void Read_NoSuchFile_SaysSo()
    {
        var error = Assert.Throws<DigitException>(() => BoundedFile.Read(_folder.File("none"), 37, "a thing"));
        Assert.EndsWith("none: expected a thing but there is no such file.", error.Message);
    }

    [Fact]
    public void Read_Folder_SaysSo()
    {
        var error = Assert.Throws<DigitException>(() => BoundedFile.Read(_folder.FullName, 37, "a thing"));
        Assert.EndsWith("expected a thing but this is a folder.", error.Message);
    }
}

using DigitML.Data;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Data;

public sealed class IdxWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    [Theory]
    [InlineData(IdxElementType.UInt8, 1)]
    [InlineData(IdxElementType.Int8, 1)]
    [InlineData(IdxElementType.Int16, 2)]
    [InlineData(IdxElementType.Int32, 4)]
    [InlineData(IdxElementType.Single, 4)]
    [InlineData(IdxElementType.Double, 8)]
    public void Write_EveryType_ReadsBackTheSame(IdxElementType type, int size)
    {
        // More than one block of the writer's byte swapping, and no multiple of it.
        var elements = new byte[5 * 13 * 1031 * size];
        new Random(411).NextBytes(elements);
        foreach (var name in new[] { "x.idx", "x.idx.gz" })
        {
            IdxWriter.Write(_folder.File(name), new IdxArray(type, [5, 13, 1031], elements));
            var array = IdxReader.Read(_folder.File(name));
            Assert.Equal(type, array.ElementType);
            Assert.Equal([5, 13, 1031], array.Dimensions);
            Assert.Equal(elements, array.Bytes.ToArray());
        }
    }

    [Fact]
    public void Write_Numbers_PutsTheHighestByteFirst()
    {
        IdxWriter.Write(_folder.File("n"), new IdxArray(IdxElementType.Int32, [1], BitConverter.GetBytes(0x01020304)));
        Assert.Equal(new byte[] { 0, 0, 0x0C, 1, 0, 0, 0, 1, 1, 2, 3, 4 }, File.ReadAllBytes(_folder.File("n")));
    }

    [Fact]
    public void WriteImages_WithLabels_ReadsBackTheSame()
    {
        var pixels = new byte[3 * 5 * 7];
        new Random(412).NextBytes(pixels);
        var images = new LabelledImages("three", 7, 5, pixels, new byte[] { 1, 9, 0 });
        IdxWriter.WriteImages(images, _folder.File("i.gz"), _folder.File("l"));
        Assert.Equal(images.Hash, IdxReader.ReadImages(_folder.File("i.gz"), _folder.File("l")).Hash);
        Assert.Equal(2, Directory.GetFiles(_folder.FullName).Length);
    }

    [Fact]
    public void WriteImages_WithoutLabelsToALabelsFile_WritesNothing()
    {
        var images = new LabelledImages("one", 2, 1, new byte[2]);
        Assert.Throws<ArgumentException>(() => IdxWriter.WriteImages(images, _folder.File("i"), _folder.File("l")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Write_IntoAPlaceThatIsAFile_SaysSoAndLeavesIt()
    {
        var file = Write("file", [7]);
        var array = new IdxArray(IdxElementType.UInt8, [1], new byte[1]);
        var error = Assert.Throws<DigitException>(() => IdxWriter.Write(Path.Combine(file, "x.idx"), array));
        Assert.Contains("cannot be written", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(new byte[] { 7 }, File.ReadAllBytes(file));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void IdxArray_BytesThatDisagreeWithItsSizes_IsRefused()
    {
        Assert.Contains("take 12 bytes; got 11", Assert.Throws<ArgumentException>(() => new IdxArray(IdxElementType.Int16, [2, 3], new byte[11])).Message);
        Assert.Throws<ArgumentException>(() => new IdxArray(IdxElementType.UInt8, [int.MaxValue, int.MaxValue, int.MaxValue], new byte[11]));
        Assert.Throws<ArgumentException>(() => new IdxArray(IdxElementType.UInt8, [], new byte[1]));
        Assert.Throws<ArgumentException>(() => new IdxArray((IdxElementType)7, [1], new byte[1]));
    }
}

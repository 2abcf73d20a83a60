using DigitML.Data;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_FourDimensionsOfBytes_KeepsSizesAndElements(bool gzipped)
    {
        var elements = new byte[3 * 1 * 5 * 2];
        new Random(401).NextBytes(elements);
        var file = IdxFiles.Make(8, [3, 1, 5, 2], elements);
        // The name says nothing about the content: gzip is told by the bytes.
        var path = Write("plain.idx", gzipped ? IdxFiles.Gzip(file) : file);

        var array = IdxReader.Read(path);

        Assert.Equal(IdxElementType.UInt8, array.ElementType);
        Assert.Equal([3, 1, 5, 2], array.Dimensions);
        Assert.Equal(30, array.Count);
        Assert.Equal(elements, array.Elements<byte>().ToArray());
    }

    [Fact]
    public void Read_EveryElementType_GivesItsNumbers()
    {
        Assert.Equal([-2, 127], ReadOf(0x09, [0xFE, 0x7F]).Elements<sbyte>().ToArray());
        Assert.Equal([-2, 258], ReadOf(0x0B, [0xFF, 0xFE, 0x01, 0x02]).Elements<short>().ToArray());
        Assert.Equal([16909060, -1], ReadOf(0x0C, [1, 2, 3, 4, 255, 255, 255, 255]).Elements<int>().ToArray());
        Assert.Equal([1.5f, -0.25f], ReadOf(0x0D, [0x3F, 0xC0, 0, 0, 0xBE, 0x80, 0, 0]).Elements<float>().ToArray());
        Assert.Equal([1.5, -0.25], ReadOf(0x0E, [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xBF, 0xD0, 0, 0, 0, 0, 0, 0]).Elements<double>().ToArray());

        static IdxArray ReadOf(byte type, byte[] elements) => IdxReader.Read(new MemoryStream(IdxFiles.Make(type, [2], elements)), "two");
    }

    [Fact]
    public void Elements_OfAnotherType_NamesBoth()
    {
        var array = IdxReader.Read(new MemoryStream(IdxFiles.Make(0x0B, [1], [0, 1])), "short");
        Assert.Contains("holds Int16, not Byte", Assert.Throws<InvalidOperationException>(() => array.Elements<byte>()).Message);
    }

    [Fact]
    public void Read_EveryLengthShortOfWhole_IsRefusedInOneLine()
    {
        var whole = IdxFiles.Images(3, 5, 7, seed: 402);
        for (var length = 0; length < whole.Length; length++)
        {
            ErrorOf(whole[..length]);
        }

        Assert.Contains("claims 3×5×7 elements of UInt8 (105 bytes) but the file holds 104 after it. It is cut short", ErrorOf(whole[..^1]));
        Assert.Equal("bad: expected an IDX header but the file ends after 3 bytes.", ErrorOf(whole[..3]));
    }

    [Fact]
    public void Read_GzipCutAnywhere_IsRefusedInOneLine()
    {
        var whole = IdxFiles.Gzip(IdxFiles.Images(3, 5, 7, seed: 403));
        for (var length = 2; length < whole.Length; length++)
        {
            var message = ErrorOf(whole[..length]);
            Assert.Contains("cut short", message);
        }
    }

    [Fact]
    public void Read_GzipWithAFlippedBit_IsRefused()
    {
        var bytes = IdxFiles.Gzip(IdxFiles.Images(3, 5, 7, seed: 404));
        bytes[^7] ^= 1; // within the checksum
        Assert.Contains("damaged", ErrorOf(bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_BytesBeyondTheElements_IsRefused(bool gzipped)
    {
        byte[] longer = [.. IdxFiles.Images(3, 5, 7, seed: 405), 0];
        Assert.Contains("the file goes on after them", ErrorOf(gzipped ? IdxFiles.Gzip(longer) : longer));
    }

    [Fact]
    public void Read_BytesBeyondTheGzip_IsRefused() =>
        Assert.Contains("cut short or damaged", ErrorOf([.. IdxFiles.Gzip(IdxFiles.Images(3, 5, 7, seed: 406)), 1, 2, 3]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_HeaderClaimingTwoToThe31Images_AllocatesNothingForThem(bool gzipped)
    {
        var file = IdxFiles.Make(8, [1u << 31, 28, 28], new byte[5000]);
        var stream = new MemoryStream(gzipped ? IdxFiles.Gzip(file) : file);
        Assert.Throws<DigitException>(() => IdxReader.Read(stream, "warm"));
        stream.Position = 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DigitException>(() => IdxReader.Read(stream, "huge"));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Contains("huge: the header claims 2147483648×28×28 elements of UInt8 (1683627180032 bytes)", error.Message);
        Assert.True(allocated < 1 << 20, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void Read_SizesWhoseProductOverflows_IsRefused()
    {
        Assert.Contains("cut short", ErrorOf(IdxFiles.Make(8, [uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue], [1])));
        Assert.Contains("cut short", ErrorOf(IdxFiles.Make(14, [.. Enumerable.Repeat(uint.MaxValue, 255)], [1])));
        Assert.Contains("more than the", ErrorOf(IdxFiles.Make(8, [uint.MaxValue, 0], [])));
    }

    [Fact]
    public void Read_SomethingElse_SaysWhatTheFirstBytesAre() =>
        Assert.Contains("read the bytes 108, 97, 98, 101. Is it an IDX file?", ErrorOf("label,pixel0"u8.ToArray()));

    [Fact]
    public void Read_NoFile_NamesIt()
    {
        Assert.EndsWith("none.idx: no such file.", Assert.Throws<DigitException>(() => IdxReader.Read(_folder.File("none.idx"))).Message);
        Assert.Contains("is a folder", Assert.Throws<DigitException>(() => IdxReader.Read(_folder.FullName)).Message);
    }

    [Fact]
    public void ReadImages_ImagesAndLabels_BelongTogether()
    {
        var file = IdxFiles.Images(3, 5, 7, seed: 407);
        var images = IdxReader.ReadImages(Write("a-images", file), Write("a-labels", IdxFiles.Labels(4, 0, 9)));

        Assert.Equal("a-images", images.Name);
        Assert.Equal((3, 7, 5, 10), (images.Count, images.Width, images.Height, images.ClassCount));
        Assert.Equal(file[^105..], images.Pixels.ToArray());
        Assert.Equal([4, 0, 9], images.Labels.ToArray());
        Assert.False(images.IsSynthetic);
    }

    [Fact]
    public void ReadImages_LabelsGivenAsImages_SaysTheyAreSwapped()
    {
        var images = Write("train-images", IdxFiles.Images(3, 5, 7, seed: 408));
        var labels = Write("train-labels", IdxFiles.Labels(4, 0, 9));
        Assert.EndsWith(
            "train-labels: expected IDX magic 2051 (images) but read 2049 (labels). Are the two files swapped?",
            Assert.Throws<DigitException>(() => IdxReader.ReadImages(labels, images)).Message);
        Assert.EndsWith(
            "train-images: expected IDX magic 2049 (labels) but read 2051 (images). Are the two files swapped?",
            Assert.Throws<DigitException>(() => IdxReader.ReadImages(images, images)).Message);
    }

    [Fact]
    public void ReadImages_FewerLabelsThanImages_NamesBothCounts()
    {
        var images = Write("train-images", IdxFiles.Images(3, 5, 7, seed: 409));
        var labels = Write("train-labels", IdxFiles.Labels(4, 0));
        var message = Assert.Throws<DigitException>(() => IdxReader.ReadImages(images, labels)).Message;
        Assert.Contains("expected 3 labels, one for each image of", message);
        Assert.Contains("but read 2", message);
    }

    [Fact]
    public void ReadImages_OtherTypesOrNone_SaysWhatWasFound()
    {
        var shorts = Write("shorts", IdxFiles.Make(0x0B, [1, 1, 1], [0, 1]));
        Assert.Contains("read 2819 (3 dimensions of Int16)", Assert.Throws<DigitException>(() => IdxReader.ReadImages(shorts)).Message);
        var none = Write("none", IdxFiles.Make(8, [0, 28, 28], []));
        Assert.Contains("at least one image", Assert.Throws<DigitException>(() => IdxReader.ReadImages(none)).Message);
    }

    private static string ErrorOf(byte[] file)
    {
        var message = Assert.Throws<DigitException>(() => IdxReader.Read(new MemoryStream(file), "bad")).Message;
        Assert.StartsWith("bad: ", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}

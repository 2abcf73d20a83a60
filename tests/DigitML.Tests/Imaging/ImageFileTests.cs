using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Tests.Imaging;

public class ImageFileTests
{
    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("47494638396101000100", "a GIF picture")]
    [InlineData("52494646240000005745425056503820", "a WebP picture")]
    [InlineData("0000001866747970686569630000", "a HEIC picture")]
    [InlineData("000000186674797061766966", "an AVIF picture")]
    [InlineData("000000186674797069736F6D", "a film")]
    [InlineData("49492A0008000000", "a TIFF picture")]
    [InlineData("4D4D002A00000008", "a TIFF picture")]
    [InlineData("424D00000000000000000000000028000000", "a BMP picture, which the library alone does not read. Add the package DigitML.Imaging.Magick")]
    [InlineData("50350A31", "a PNM picture")]
    [InlineData("255044462D312E34", "a PDF document")]
    [InlineData("0000000C6A5020200D0A870A", "a JPEG 2000 picture")]
    [InlineData("FF0A1234", "a JPEG XL picture")]
    [InlineData("384250530001", "a Photoshop picture")]
    [InlineData("00000100010010", "an icon")]
    [InlineData("504B030414", "a ZIP archive")]
    [InlineData("3C73766720786D6C6E733D22", "an SVG drawing")]
    [InlineData("68656C6C6F0A", "this is text")]
    [InlineData("0001020304050607080900", "starts with the bytes 0001020304050607")]
    public void Decode_NoPictureThatIsRead_SaysWhatItIs(string hex, string message)
    {
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(Convert.FromHexString(hex), name: "x.png"));
        Assert.StartsWith("x.png: expected a picture (PNG, JPEG) but ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_WhatCannotBeRead_SaysWhyInOneLine()
    {
        var folder = Directory.CreateTempSubdirectory("digitml-image-");
        try
        {
            var missing = Path.Combine(folder.FullName, "missing.png");
            Assert.Equal($"{missing}: expected a picture but there is no such file.", Assert.Throws<DigitException>(() => ImageFile.Load(missing)).Message);
            Assert.Contains("this is a folder", Assert.Throws<DigitException>(() => ImageFile.Load(folder.FullName)).Message);
            var text = Path.Combine(folder.FullName, "text.png");
            File.WriteAllText(text, "no picture");
            Assert.StartsWith($"{text}: expected a picture", Assert.Throws<DigitException>(() => ImageFile.Load(text)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_PngNamedJpg_GoesByTheContent()
    {
        var folder = Directory.CreateTempSubdirectory("digitml-image-");
        try
        {
            var path = Path.Combine(folder.FullName, "picture.jpg");
            var image = new GreyImage(2, 3, new byte[] { 1, 2, 3, 4, 5, 6 });
            File.WriteAllBytes(path, PngEncoder.Encode(image));
            var decoded = ImageFile.Load(path);
            Assert.Equal("PNG", decoded.Format);
            Assert.Equal(image.Pixels, decoded.Image.Pixels);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_StreamOverTheByteLimit_IsRefusedWithoutReadingOn(bool seekable)
    {
        var stream = new EndlessStream(seekable);
        var options = new DecodeOptions { Limits = new ImageLimits { MaximumFileBytes = 100_000 } };
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(stream, options, "endless"));
        Assert.Contains("endless: expected a picture of at most 100000 bytes", error.Message);
        Assert.InRange(stream.Given, 0, 200_000);
    }

    [Fact]
    public void Decode_StreamThatGivesLittleAtATime_ReadsItAll()
    {
        var random = new Random(41);
        var pixels = new byte[307 * 401];
        random.NextBytes(pixels);
        var file = PngEncoder.Encode(new GreyImage(307, 401, pixels));
        Assert.True(file.Length > 65_536);
        Assert.Equal(pixels, ImageFile.Decode(new TricklingStream(file)).Image.Pixels);
    }

    [Fact]
    public void Limits_OutOfTheirRange_AreTheCallersMistake()
    {
        Assert.Contains("MaximumPixels must be", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaximumPixels = 0 }).Message);
        Assert.Contains("MaximumSide must be", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaximumSide = -1 }).Message);
        Assert.Contains("MaximumFileBytes must be", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaximumFileBytes = int.MaxValue }).Message);
    }

    [Fact]
    public void Decode_OwnDecoderGiven_IsAsked()
    {
        var options = new DecodeOptions { Decoders = [new DotDecoder(), .. ImageFile.BuiltInDecoders] };
        Assert.Equal("dot", ImageFile.Decode("dot"u8.ToArray(), options).Format);
        Assert.Equal("PNG", ImageFile.Decode(PngEncoder.Encode(new GreyImage(1, 1, new byte[1])), options).Format);
    }

    private sealed class DotDecoder : IImageDecoder
    {
        public string Format => "dot";

        public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("dot"u8);

        public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options) => new(new GreyImage(1, 1, new byte[1]), Format, 1, 1);
    }

    private sealed class EndlessStream(bool seekable) : MemoryStream
    {
        public long Given { get; private set; }

        public override bool CanSeek => seekable;

        public override long Length => long.MaxValue;

        public override int Read(Span<byte> buffer)
        {
            Given += buffer.Length;
            return buffer.Length;
        }

        public override int ReadByte() => 0;
    }

    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 777)]);
    }
}

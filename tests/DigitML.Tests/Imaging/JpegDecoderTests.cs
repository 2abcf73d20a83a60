using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Tests.Imaging;

public class JpegDecoderTests
{
    private static readonly (int, int)[] _sizes = [(1, 1), (8, 8), (1, 37), (23, 1), (17, 9), (50, 35)];

    [Theory]
    [InlineData(TestJpegMode.Baseline, 0)]
    [InlineData(TestJpegMode.Baseline, 3)]
    [InlineData(TestJpegMode.Separate, 0)]
    [InlineData(TestJpegMode.Separate, 5)]
    [InlineData(TestJpegMode.Progressive, 0)]
    [InlineData(TestJpegMode.Progressive, 4)]
    public void Decode_EverySamplingAndSize_IsWithin1OfTheDefinition(TestJpegMode mode, int restartInterval)
    {
        var seed = 2000 + restartInterval;
        foreach (var (width, height) in _sizes)
        {
            foreach (var factors in new (int, int)[][] { [(1, 1)], [(2, 2)], [(1, 1), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)], [(2, 2), (1, 1), (1, 1)], [(2, 2), (2, 1), (1, 2)], [(4, 1), (1, 1), (2, 1)], [(3, 4), (1, 2), (3, 1)] })
            {
                var jpeg = new TestJpeg(width, height, factors, 1 + (seed % 40), seed++) { RestartInterval = restartInterval };
                var decoded = ImageFile.Decode(jpeg.Encode(mode));
                Assert.Equal("JPEG", decoded.Format);
                AssertNear(jpeg.Channel(0), decoded.Image, width, height, 1);
            }
        }
    }

    [Theory]
    [InlineData(TestJpegMode.Baseline, 2)]
    [InlineData(TestJpegMode.Baseline, 4)]
    [InlineData(TestJpegMode.Baseline, 8)]
    [InlineData(TestJpegMode.Progressive, 4)]
    public void Decode_TargetSide_GivesMeansOverTheFullPicture(TestJpegMode mode, int divisor)
    {
        var seed = 2100 + divisor;
        foreach (var (width, height) in _sizes)
        {
            var jpeg = new TestJpeg(width, height, [(2, 1), (1, 1), (1, 1)], 7, seed++);
            var (expectedWidth, expectedHeight) = ((width + divisor - 1) / divisor, (height + divisor - 1) / divisor);
            var target = Math.Max(expectedWidth, expectedHeight);
            if (divisor < 8 && (Math.Max(width, height) + (2 * divisor) - 1) / (2 * divisor) >= target)
            {
                // So small a picture stands further reduction.
                continue;
            }

            var decoded = ImageFile.Decode(jpeg.Encode(mode), new DecodeOptions { TargetSide = target });

            Assert.Equal((width, height), (decoded.FullWidth, decoded.FullHeight));
            var (samples, stride) = jpeg.Channel(0);
            var means = new double[expectedWidth * expectedHeight];
            for (var i = 0; i < means.Length; i++)
            {
                for (var j = 0; j < divisor * divisor; j++)
                {
                    var (y, x) = ((i / expectedWidth * divisor) + (j / divisor), (i % expectedWidth * divisor) + (j % divisor));
                    means[i] += samples[(y * stride) + x] / (divisor * divisor);
                }
            }

            AssertNear((means, expectedWidth), decoded.Image, expectedWidth, expectedHeight, 1);
        }
    }

    [Theory]
    [InlineData(100, 60, 100, 100)]
    [InlineData(100, 60, 51, 100)]
    [InlineData(100, 60, 50, 50)]
    [InlineData(100, 60, 49, 50)]
    [InlineData(60, 100, 25, 25)]
    [InlineData(60, 100, 14, 25)]
    [InlineData(60, 100, 13, 13)]
    [InlineData(60, 100, 1, 13)]
    [InlineData(60, 100, 0, 100)]
    [InlineData(60, 100, 1000, 100)]
    public void Decode_TargetSide_KeepsTheLongerSideAtLeastThat(int width, int height, int target, int expected)
    {
        var jpeg = new TestJpeg(width, height, [(1, 1)], 9, 2200);
        var image = ImageFile.Decode(jpeg.Encode(TestJpegMode.Baseline), new DecodeOptions { TargetSide = target }).Image;
        Assert.Equal(expected, Math.Max(image.Width, image.Height));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_RgbByMarkerOrByName_GivesItsLuma(bool byMarker)
    {
        var jpeg = new TestJpeg(21, 13, [(1, 1), (1, 1), (1, 1)], 5, 2300)
        {
            Segments = byMarker ? TestJpeg.Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]) : [],
            Ids = byMarker ? [1, 2, 3] : "RGB"u8.ToArray(),
        };
        var (red, stride) = jpeg.Channel(0);
        var (green, blue) = (jpeg.Channel(1).Samples, jpeg.Channel(2).Samples);
        var luma = new double[red.Length];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = (0.299 * Math.Clamp(red[i], 0, 255)) + (0.587 * Math.Clamp(green[i], 0, 255)) + (0.114 * Math.Clamp(blue[i], 0, 255));
        }

        foreach (var mode in Enum.GetValues<TestJpegMode>())
        {
            // Three roundings of channels and one of their sum.
            AssertNear((luma, stride), ImageFile.Decode(jpeg.Encode(mode)).Image, 21, 13, 1.5);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_EveryOrientation_IsTurnedAsPngIs(bool littleEndian)
    {
        var plain = ImageFile.Decode(new TestJpeg(19, 11, [(1, 1)], 6, 2400).Encode(TestJpegMode.Baseline)).Image;
        for (var orientation = 0; orientation <= 9; orientation++)
        {
            var file = new TestJpeg(19, 11, [(1, 1)], 6, 2400) { Segments = TestJpeg.ExifSegment(orientation, littleEndian) }.Encode(TestJpegMode.Baseline);
            var decoded = ImageFile.Decode(file);
            var expected = Orientation.Apply(plain, orientation is >= 1 and <= 8 ? orientation : 1);
            Assert.Equal((expected.Width, expected.Height), (decoded.Image.Width, decoded.Image.Height));
            Assert.Equal((expected.Width, expected.Height), (decoded.FullWidth, decoded.FullHeight));
            Assert.Equal(expected.Pixels, decoded.Image.Pixels);
        }
    }

    [Theory]
    [InlineData(TestJpegMode.Baseline)]
    [InlineData(TestJpegMode.Separate)]
    [InlineData(TestJpegMode.Progressive)]
    public void Decode_CutAtAnyByte_GivesAnError(TestJpegMode mode)
    {
        var file = new TestJpeg(19, 18, [(2, 2), (1, 1), (1, 1)], 20, 2500) { RestartInterval = 2 }.Encode(mode);
        for (var length = 0; length < file.Length; length++)
        {
            var error = Assert.Throws<DigitException>(() => ImageFile.Decode(file.AsMemory(0, length)));
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Decode_MoreBehindTheEnd_ReadsTheFirstPicture()
    {
        var first = new TestJpeg(19, 11, [(1, 1)], 6, 2600).Encode(TestJpegMode.Baseline);
        var second = new TestJpeg(40, 40, [(1, 1)], 6, 2601).Encode(TestJpegMode.Baseline);
        var expected = ImageFile.Decode(first).Image;
        Assert.Equal(expected.Pixels, ImageFile.Decode((byte[])[.. first, 1, 2, 3, 0xFF]).Image.Pixels);
        Assert.Equal(expected.Pixels, ImageFile.Decode((byte[])[.. first, .. second]).Image.Pixels);
    }

    [Theory]
    [InlineData(0xC3, 8, 3, "a lossless JPEG, which is not read")]
    [InlineData(0xC5, 8, 3, "a hierarchical JPEG")]
    [InlineData(0xC9, 8, 3, "packed by arithmetic coding")]
    [InlineData(0xCA, 8, 3, "packed by arithmetic coding")]
    [InlineData(0xF7, 8, 3, "JPEG-LS")]
    [InlineData(0xC1, 12, 3, "a 12-bit JPEG")]
    [InlineData(0xC0, 8, 4, "in CMYK or YCCK")]
    [InlineData(0xC0, 7, 3, "7 bits a sample; expected 8")]
    [InlineData(0xC0, 8, 2, "2 channels; expected 1 or 3")]
    public void Decode_KindsThatAreNotRead_AreNamed(byte marker, byte precision, byte channels, string message)
    {
        var fields = Enumerable.Range(1, channels).SelectMany(c => new byte[] { (byte)c, 0x11, 0 });
        byte[] file = [0xFF, 0xD8, .. TestJpeg.Segment(marker, [precision, 0, 9, 0, 9, channels, .. fields]), 0xFF, 0xD9];
        Assert.Contains(message, Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
    }

    [Theory]
    [InlineData(60_000, 60_000, 0x11, "60000×60000 pixels; expected at most 50,000,000")]
    [InlineData(7_000, 7_000, 0x11, "cannot hold 7000×7000")]
    [InlineData(9, 0, 0x11, "height only after the pixels")]
    [InlineData(0, 9, 0x11, "0×9 pixels")]
    [InlineData(9, 9, 0x51, "sampling factors 5×1")]
    [InlineData(9, 9, 0x10, "sampling factors 1×0")]
    public void Decode_FrameHeaderThatCannotBe_IsRefusedWithoutAllocating(int width, int height, byte factors, string message)
    {
        byte[] file = [0xFF, 0xD8, .. TestJpeg.Segment(0xC2, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, factors, 0]), 0xFF, 0xD9];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Decode_SegmentsThatBreakTheRules_SaysWhich()
    {
        byte[] start = [0xFF, 0xD8];
        byte[] end = [0xFF, 0xD9];
        var frame = TestJpeg.Segment(0xC1, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
        var progressive = TestJpeg.Segment(0xC2, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
        var steps = TestJpeg.Segment(0xDB, [0, .. new byte[64]]);
        var codes = TestJpeg.Segment(0xC4, [0, 1, .. new byte[15], 0, 0x10, 1, .. new byte[15], 0]);
        byte[] scan = [.. TestJpeg.Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x3F];

        Assert.Equal(64, ImageFile.Decode((byte[])[.. start, .. frame, .. steps, .. codes, .. scan, .. end]).Image.Pixels.Length);
        Fails("no frame header", end);
        Fails("ends without the pixels", frame, end);
        Fails("two frame headers", frame, frame, end);
        Fails("scan before its frame header", scan, end);
        Fails("names the quantisation table 0", frame, codes, scan, end);
        Fails("names a Huffman table that is not there", frame, steps, scan, end);
        Fails("has the channel 1 in two scans", frame, steps, codes, scan, scan, end);
        Fails("names the channel 9", frame, TestJpeg.Segment(0xDA, [1, 9, 0, 0, 63, 0]), end);
        Fails("breaks the rules of progressive", progressive, TestJpeg.Segment(0xDA, [1, 1, 0, 0, 63, 0]), end);
        Fails("again or out of order", progressive, steps, codes, TestJpeg.Segment(0xDA, [1, 1, 0, 0, 0, 0x21]), end);
        Fails("more codes than their lengths allow", TestJpeg.Segment(0xC4, [0, 3, .. new byte[15], 0, 1, 2]), end);
        Fails("Huffman table 0x05", TestJpeg.Segment(0xC4, [5, .. new byte[16]]), end);
        Fails("quantisation table 4", TestJpeg.Segment(0xDB, [4, .. new byte[64]]), end);
        Fails("claims 1 bytes; expected at least 2", [0xFF, 0xE0, 0, 1], end);
        Fails("code that their Huffman table does not have", frame, steps, codes, [.. scan[..^1], 0x80], end);
        Fails("arithmetic coding", TestJpeg.Segment(0xCC, [0, 0]), end);

        void Fails(string message, params byte[][] parts)
        {
            Assert.Contains(message, Assert.Throws<DigitException>(() => ImageFile.Decode((byte[])[.. start, .. parts.SelectMany(part => part)])).Message);
        }
    }

    [Fact]
    public void Decode_WrongRestartMarker_SaysWhichWasExpected()
    {
        var file = new TestJpeg(30, 30, [(1, 1)], 10, 2700) { RestartInterval = 2 }.Encode(TestJpegMode.Baseline);
        var second = file.AsSpan().IndexOf<byte>([0xFF, 0xD1]);
        file[second + 1] = 0xD5;
        Assert.Contains("0xD5", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
        file[second + 1] = 0xD9;
        Assert.Contains("expected the restart marker 0xD1", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
    }

    internal static void AssertNear((double[] Samples, int Stride) expected, GreyImage actual, int width, int height, double tolerance)
    {
        Assert.Equal((width, height), (actual.Width, actual.Height));
        for (var i = 0; i < width * height; i++)
        {
            var sample = Math.Clamp(expected.Samples[(i / width * expected.Stride) + (i % width)], 0, 255);
            Assert.True(Math.Abs(sample - actual.Pixels[i]) <= tolerance, $"{width}×{height}, pixel {i % width},{i / width}: expected {sample:F2}, found {actual.Pixels[i]}");
        }
    }
}

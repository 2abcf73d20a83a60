using DigitML.Imaging;
using DigitML.Reading;

namespace DigitML.Tests.Imaging;

/// <summary>Pictures whose ink is not where grey shows it: a made seven in every channel that a file may hide it in.</summary>
public class InkChannelTests
{
    private const int Width = 150;
    private const int Height = 130;

    private static readonly Lazy<DigitReader> s_reader = new(() => new DigitReader());

    /// <summary>Ink and ground as red, green, blue, alpha of 8 bits.</summary>
    public static TheoryData<string, int[], int[]> HiddenInks => new()
    {
        { "white ink on nothing", [255, 255, 255, 255], [255, 255, 255, 0] },
        { "white ink on nothing that is black beneath", [255, 255, 255, 255], [0, 0, 0, 0] },
        { "pale ink on nothing", [250, 250, 225, 255], [0, 0, 0, 0] },
        { "a hole in white", [255, 255, 255, 0], [255, 255, 255, 255] },
        { "a hole in cream", [0, 0, 0, 0], [250, 246, 230, 255] },
        { "red on green", [200, 30, 30, 255], [60, 100, 60, 255] },
        { "blue on brown", [40, 60, 220, 255], [110, 63, 20, 255] },
        { "green on magenta", [20, 120, 40, 255], [180, 30, 130, 255] },
        { "yellow on white", [255, 255, 0, 255], [255, 255, 255, 255] },
        { "blue on black", [0, 0, 160, 255], [0, 0, 0, 255] },
    };

    /// <summary>Ink and ground as samples of 16 bits, and what the file says of them in sBIT; 0 for nothing.</summary>
    public static TheoryData<string, int, int, int> NarrowRanges => new()
    {
        { "bytes", 0, 255, 0 },
        { "bytes, faint", 190, 230, 0 },
        { "10 bits", 20, 1023, 0 },
        { "12 bits", 0, 4080, 0 },
        { "12 bits, light ink", 4095, 100, 0 },
        { "12 bits, dark picture, said in sBIT", 20, 230, 12 },
        { "14 bits", 900, 15_000, 0 },
        { "a window about the middle", 32_768, 33_023, 0 },
        { "a window at the top", 65_535, 65_100, 0 },
    };

    [Theory]
    [MemberData(nameof(HiddenInks))]
    public void Read_InkThatGreyDoesNotShow_IsFound(string kind, int[] ink, int[] ground)
    {
        foreach (var depth in new[] { 8, 16 })
        {
            foreach (var interlaced in new[] { false, true })
            {
                var file = Picture(6, depth, interlaced, Coverage(), ink, ground).Encode();
                Assert.Equal((kind, "7"), (kind, s_reader.Value.Read(file, single: true).Text));
            }
        }
    }

    [Theory]
    [MemberData(nameof(HiddenInks))]
    public void Read_InkThatThePaletteHides_IsFound(string kind, int[] ink, int[] ground)
    {
        var coverage = Coverage();
        var png = new TestPng
        {
            Width = Width,
            Height = Height,
            ColorType = 3,
            Depth = 8,
            Palette = [.. Enumerable.Range(0, 32).SelectMany(level => Enumerable.Range(0, 3).Select(c => (byte)Mix(ink[c], ground[c], level / 31.0)))],
            Transparency = [.. Enumerable.Range(0, 32).Select(level => (byte)Mix(ink[3], ground[3], level / 31.0))],
            Samples = [.. coverage.Select(share => (int)Math.Round(31 * share))],
        };

        Assert.Equal((kind, "7"), (kind, s_reader.Value.Read(png.Encode(), single: true).Text));
    }

    [Fact]
    public void Read_InkThatIsAKeyColour_IsFound()
    {
        foreach (var (colorType, depth) in new[] { (0, 8), (0, 16), (2, 8), (2, 16) })
        {
            var white = (1 << depth) - 1;
            var samples = colorType == 0 ? 1 : 3;
            var png = new TestPng
            {
                Width = Width,
                Height = Height,
                ColorType = colorType,
                Depth = depth,
                Transparency = [.. Enumerable.Repeat(new byte[] { (byte)(7 >> 8), 7 }, samples).SelectMany(key => key)],
                Samples = [.. Coverage().SelectMany(share => Enumerable.Repeat(share > 0.5 ? 7 : white, samples))],
            };

            Assert.Equal((colorType, depth, "7"), (colorType, depth, s_reader.Value.Read(png.Encode(), single: true).Text));
        }
    }

    [Theory]
    [MemberData(nameof(NarrowRanges))]
    public void Read_SixteenBitsOfWhichFewAreUsed_AreSpread(string kind, int ink, int ground, int significantBits)
    {
        byte[] said = significantBits == 0 ? [] : TestPng.Chunk("sBIT", [(byte)significantBits]);
        var png = new TestPng { Width = Width, Height = Height, ColorType = 0, Depth = 16, Samples = [.. Coverage().Select(share => Mix(ink, ground, share))] };
        byte[] file = png.Encode(between: said);

        Assert.Equal((kind, "7"), (kind, s_reader.Value.Read(file, single: true).Text));
        foreach (var colorType in new[] { 2, 4, 6 })
        {
            var colors = colorType == 4 ? 1 : 3;
            int[] alpha = colorType == 2 ? [] : [65_535];
            png = new TestPng
            {
                Width = Width,
                Height = Height,
                ColorType = colorType,
                Depth = 16,
                Samples = [.. Coverage().SelectMany(share => Enumerable.Repeat(Mix(ink, ground, share), colors).Concat(alpha))],
            };
            said = significantBits == 0 ? [] : TestPng.Chunk("sBIT", [.. Enumerable.Repeat((byte)significantBits, png.SamplesPerPixel)]);
            Assert.Equal((kind, colorType, "7"), (kind, colorType, s_reader.Value.Read(png.Encode(between: said), single: true).Text));
        }
    }

    [Fact]
    public void Decode_BytesSavedAsSixteenBits_GivesTheBytes()
    {
        var random = new Random(61);
        int[] samples = [.. Enumerable.Range(0, 23 * 17).Select(i => i == 0 ? 255 : random.Next(256))];
        var png = new TestPng { Width = 23, Height = 17, ColorType = 0, Depth = 16, Samples = samples };

        Assert.Equal(samples.Select(sample => (byte)sample).ToArray(), ImageFile.Decode(png.Encode()).Image.Pixels);
    }

    [Theory]
    [InlineData(16_384, 65_535)]
    [InlineData(0, 16_384)]
    [InlineData(40_000, 60_000)]
    public void Decode_SixteenBitsOfWhichMostAreUsed_AreCutAsEver(int least, int most)
    {
        var random = new Random(62);
        var png = new TestPng
        {
            Width = 41,
            Height = 29,
            ColorType = 0,
            Depth = 16,
            Samples = [.. Enumerable.Range(0, 41 * 29).Select(i => i == 0 ? least : i == 1 ? most : random.Next(least, most + 1))],
        };

        Assert.Equal(png.ExpectedGrey(), ImageFile.Decode(png.Encode()).Image.Pixels);
    }

    [Theory]
    [InlineData(new[] { 20, 20, 20, 255 }, new[] { 250, 250, 250, 255 })]
    [InlineData(new[] { 30, 40, 160, 255 }, new[] { 240, 240, 200, 255 })]
    [InlineData(new[] { 0, 0, 0, 255 }, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 180, 180, 180, 255 }, new[] { 255, 255, 255, 0 })]
    [InlineData(new[] { 150, 40, 40, 255 }, new[] { 120, 200, 120, 255 })]
    [InlineData(new[] { 225, 225, 225, 255 }, new[] { 250, 250, 250, 255 })]
    public void Decode_InkThatGreyShows_IsGreyAsEver(int[] ink, int[] ground)
    {
        foreach (var depth in new[] { 8, 16 })
        {
            var png = Picture(6, depth, false, Coverage(), ink, ground);
            Assert.Equal(png.ExpectedGrey(), ImageFile.Decode(png.Encode()).Image.Pixels);
        }
    }

    [Theory]
    [InlineData(new[] { 255, 255, 255, 255 }, new[] { 255, 255, 255, 255 })]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 255, 255, 255, 0 })]
    [InlineData(new[] { 90, 60, 130, 255 }, new[] { 90, 60, 130, 255 })]
    [InlineData(new[] { 252, 254, 250, 255 }, new[] { 250, 250, 255, 255 })]
    public void Read_NothingInAnyChannel_IsBlank(int[] ink, int[] ground)
    {
        var file = Picture(6, 8, false, Coverage(), ink, ground).Encode();
        Assert.Equal(Verdict.Blank, s_reader.Value.Read(file, single: true).Verdict);
        Assert.Equal(Verdict.Blank, s_reader.Value.Read(file).Verdict);
    }

    [Fact]
    public void Read_BlankWhiteCardWithRoundCorners_IsBlank()
    {
        var coverage = new double[Width * Height];
        for (var i = 0; i < coverage.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Width);
            var across = Math.Max(0, Math.Max(12 - x, x - (Width - 13)));
            var down = Math.Max(0, Math.Max(12 - y, y - (Height - 13)));
            coverage[i] = (across * across) + (down * down) > 144 ? 1 : 0;
        }

        var file = Picture(6, 8, false, coverage, [0, 0, 0, 0], [255, 255, 255, 255]).Encode();
        Assert.Equal(Verdict.Blank, s_reader.Value.Read(file).Verdict);
    }

    [Fact]
    public void Read_NoiseOfANarrowRange_IsBlank()
    {
        // What a scanner of 16 bits sees on white paper: noise of a few hundred steps, well under one of 8 bits at each end.
        var random = new Random(63);
        var png = new TestPng
        {
            Width = Width,
            Height = Height,
            ColorType = 0,
            Depth = 16,
            Samples = [.. Enumerable.Range(0, Width * Height).Select(_ => 64_000 + random.Next(300) + random.Next(300))],
        };

        Assert.Equal(Verdict.Blank, s_reader.Value.Read(png.Encode()).Verdict);
    }

    /// <summary>How much of each pixel a seven covers, 0 to 1.</summary>
    private static double[] Coverage()
    {
        var coverage = new double[Width * Height];
        for (var i = 0; i < coverage.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Width);
            var distance = Math.Min(Distance(x, y, 45, 30, 100, 28), Distance(x, y, 100, 28, 65, 105));
            coverage[i] = Math.Clamp(6 - distance, 0, 1);
        }

        return coverage;
    }

    private static double Distance(double x, double y, double x0, double y0, double x1, double y1)
    {
        var (dx, dy) = (x1 - x0, y1 - y0);
        var along = Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
        return Math.Sqrt(Math.Pow(x - x0 - (along * dx), 2) + Math.Pow(y - y0 - (along * dy), 2));
    }

    private static TestPng Picture(int colorType, int depth, bool interlaced, double[] coverage, int[] ink, int[] ground) => new()
    {
        Width = Width,
        Height = Height,
        ColorType = colorType,
        Depth = depth,
        Interlaced = interlaced,
        Samples = [.. coverage.SelectMany(share => Enumerable.Range(0, 4).Select(c => Mix(ink[c], ground[c], share) * (depth == 16 ? 257 : 1)))],
    };

    private static int Mix(int ink, int ground, double share) => (int)Math.Round((ink * share) + (ground * (1 - share)));
}

using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Tests.Imaging.Fuzzing;

public class FuzzTests
{
    // The program tests/DigitML.Fuzz runs as many as it is told; these are the share for every build.
    private const int Share = 20_000;

    [Theory]
    [InlineData("PNG", 41)]
    [InlineData("JPEG", 42)]
    public void Decode_DamagedFiles_GivesAPictureOrOneLine(string format, int seed)
    {
        var decoder = ImageFile.BuiltInDecoders.Single(candidate => candidate.Format == format);
        var report = new FuzzRun(decoder, new FuzzMutator(FuzzSeeds.For(format), seed)).Run(0, Share, threads: 1);
        Assert.Empty(report.Findings);
        Assert.Equal(Share, report.Count);

        // Both outcomes must be common, or the damage is too light or too heavy to find anything.
        Assert.InRange(report.Read, Share / 50, Share * 49L / 50);
    }

    [Theory]
    [InlineData("PNG")]
    [InlineData("JPEG")]
    public void Seeds_Undamaged_AreRead(string format)
    {
        foreach (var seed in FuzzSeeds.For(format))
        {
            Assert.Equal(format, ImageFile.Decode(seed.Bytes).Format);
            if (seed.Inner.Length > 0)
            {
                Assert.Equal(ImageFile.Decode(seed.Bytes).Image.Pixels.Length, ImageFile.Decode(seed.Rebuild(seed.Inner)).Image.Pixels.Length);
            }
        }
    }

    [Fact]
    public void Create_SameSeedAndNumber_GivesTheSameFile()
    {
        var one = new FuzzMutator(FuzzSeeds.For("JPEG"), 45);
        var two = new FuzzMutator(FuzzSeeds.For("JPEG"), 45);
        Assert.Equal(one.Create(1_234_567), two.Create(1_234_567));
        Assert.NotEqual(one.Create(1_234_567), one.Create(1_234_568));
    }

    [Fact]
    public void Run_DecoderThatMisbehaves_IsFound()
    {
        Assert.Contains("InvalidOperationException", Finding(_ => throw new InvalidOperationException()));
        Assert.Contains("not one line", Finding(_ => throw new DigitException("two\nlines")));
        Assert.Contains("over the limit", Finding(_ => new GreyImage(1000, 1000, new byte[1_000_000])));
        Assert.Contains("are allowed", Finding(_ => new GreyImage(1, 1, new byte[3_000_000].AsMemory(0, 1))));
        Assert.Contains("no end after", Finding(_ =>
        {
            Thread.Sleep(Timeout.Infinite);
            return null!;
        }));

        static string Finding(Func<ReadOnlyMemory<byte>, GreyImage> decode)
        {
            var run = new FuzzRun(new Misbehaving(decode), new FuzzMutator(FuzzSeeds.For("PNG"), 46)) { Patience = TimeSpan.FromSeconds(1) };
            return run.Run(0, 3, threads: 1).Findings[0];
        }
    }

    private sealed class Misbehaving(Func<ReadOnlyMemory<byte>, GreyImage> decode) : IImageDecoder
    {
        public string Format => "PNG";

        public bool Recognises(ReadOnlySpan<byte> start) => true;

        public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options) => new(decode(file), Format, 1, 1);
    }
}

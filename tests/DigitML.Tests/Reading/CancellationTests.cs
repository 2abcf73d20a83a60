using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Tests.Imaging;

namespace DigitML.Tests.Reading;

public class CancellationTests
{
    private static readonly DigitReader s_reader = new();

    [Theory]
    [InlineData("png")]
    [InlineData("baseline")]
    [InlineData("progressive")]
    public void Decode_OnceCancelled_EndsInsideThePixels(string kind)
    {
        var file = FileOf(kind);
        Assert.Equal(203, ImageFile.Decode(file).FullWidth);

        Assert.ThrowsAny<OperationCanceledException>(() => ImageFile.Decode(file, new DecodeOptions { CancellationToken = new(canceled: true) }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CancelledWhileDecoding_NeitherAnswersNorClassifies(bool single)
    {
        using var leaving = new CancellationTokenSource();
        var reader = new DigitReader(new ReaderOptions { Decoders = [new LeavingDecoder(leaving)] });

        Assert.ThrowsAny<OperationCanceledException>(() => reader.Read(new byte[] { 1 }, single, cancellationToken: leaving.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_OfEveryKindOfInput_TakesTheToken(bool single)
    {
        var cancelled = new CancellationToken(canceled: true);
        var file = FileOf("png");
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            Assert.ThrowsAny<OperationCanceledException>(() => s_reader.Read(path, single, cancelled));
            Assert.ThrowsAny<OperationCanceledException>(() => s_reader.Read(file, single, cancellationToken: cancelled));
            Assert.ThrowsAny<OperationCanceledException>(() => s_reader.Read(new MemoryStream(file), single, cancellationToken: cancelled));
            Assert.ThrowsAny<OperationCanceledException>(() => s_reader.Read(Noise(), single, cancelled));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static GreyImage Noise()
    {
        var pixels = new byte[203 * 107];
        new Random(1601).NextBytes(pixels);
        return new GreyImage(203, 107, pixels);
    }

    private static byte[] FileOf(string kind) => kind switch
    {
        "png" => PngEncoder.Encode(Noise()),
        "baseline" => new TestJpeg(203, 107, [(2, 2), (1, 1), (1, 1)], 9, seed: 1602).Encode(TestJpegMode.Baseline),
        _ => new TestJpeg(203, 107, [(1, 1)], 9, seed: 1603).Encode(TestJpegMode.Progressive),
    };

    /// <summary>Its caller leaves while it decodes.</summary>
    private sealed class LeavingDecoder(CancellationTokenSource leaving) : IImageDecoder
    {
        public string Format => "any";

        public bool Recognises(ReadOnlySpan<byte> start) => true;

        public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
        {
            leaving.Cancel();
            return new DecodedImage(Noise(), Format, 203, 107);
        }
    }
}

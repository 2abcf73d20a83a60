using DigitML.Data;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Tests.Reading;

/// <summary>What is done to a picture without touching the digit in it does not change the answer.</summary>
public class SameAnswerTests
{
    private const int Size = 203;

    private static readonly DigitReader Reader = new();

    /// <summary>
    /// For each digit, a way of writing it that the network is sure of, with little room around it and with much, where the pen is broader for the digit:
    /// what is asked is whether a change changes that.
    /// </summary>
    private static readonly Lazy<long[]> Clear = new(() => [.. Enumerable.Range(0, 10).Select(digit => Enumerable.Range(0, 40).Select(i => (long)i).First(index => IsSure(digit, index)))]);

    [Fact]
    public void Read_DigitsAsDrawn_AreNearlyAllRight()
    {
        var right = Enumerable.Range(0, 60).Count(i => Read(Drawn(i % 10, (long)i, Size, 0.2f)).Text == $"{i % 10}");

        // Some synthetic writers are hard to read; a reader that loses their digits gets a tenth right.
        Assert.True(right >= 52, $"{right} of 60 were read.");
    }

    [Fact]
    public void Read_DigitInverted_GetsTheSameAnswer() => AssertRead("inverted", picture => picture.Inverted());

    [Theory]
    [InlineData(61, 0)]
    [InlineData(-47, 23)]
    [InlineData(5, -71)]
    public void Read_DigitShifted_GetsTheSameAnswer(int right, int down) => AssertRead("shifted", picture =>
    {
        var large = OnWhite(picture, Size + 161, Size + 157, 80, 79);
        return large.Crop(new PixelBox(80 - right, 79 - down, Size, Size));
    }, margin: 0.4f);

    [Theory]
    [InlineData(20)]
    [InlineData(37)]
    [InlineData(101)]
    [InlineData(640)]
    [InlineData(2000)]
    public void Read_DigitOfAnotherSize_GetsTheSameAnswer(int size) => AssertRead("scaled", picture => Resampling.Area(picture, size, size), size: Math.Max(size, Size));

    [Theory]
    [InlineData(0f)]
    [InlineData(2.3f)]
    public void Read_DigitOnAGradient_GetsTheSameAnswer(float angle) => AssertRead("on a gradient", picture =>
    {
        Light.Gradient(picture, 0.6f, angle);
        return picture;
    });

    [Fact]
    public void Read_DigitInAFrame_GetsTheSameAnswer() => AssertRead("framed", picture =>
    {
        var frame = new Plane(Size, Size);
        Paper.Box(frame, 7, 9, Size - 8, Size - 6, 3, 1);
        return Darkened(picture, frame);
    });

    [Fact]
    public void Read_DigitOnRuledPaper_GetsTheSameAnswer() => AssertRead("on ruled paper", picture =>
    {
        Paper.Lines(picture, Print.Ruled, 37, 2, 0.4f, 0.02f, SeededRandom.OfItem(3, 0));
        return picture;
    });

    [Fact]
    public void Read_DigitAsJpegOfQuality30_GetsTheSameAnswer() => AssertRead("as JPEG", picture =>
    {
        JpegLoss.Apply(picture, 30);
        return picture;
    });

    [Fact]
    public void Read_DigitWithNoise_GetsTheSameAnswer() => AssertRead("with noise", picture =>
    {
        Camera.Noise(picture, 0.05f, SeededRandom.OfItem(8, 0));
        return picture;
    });

    private static void AssertRead(string change, Func<Plane, Plane> alter, int size = Size, float margin = 0.2f)
    {
        for (var digit = 0; digit < 10; digit++)
        {
            var reading = Read(alter(Drawn(digit, Clear.Value[digit], size, margin)));
            Assert.True(reading.Text == $"{digit}", $"{digit} {change} was read as '{reading.Text}'.");
        }
    }

    private static bool IsSure(int digit, long index) => new[] { 0.2f, 0.4f }.All(margin =>
    {
        var reading = Read(Drawn(digit, index, Size, margin));
        return reading.Text == $"{digit}" && reading.Digits[0].Probability > 0.97f;
    });

    private static Plane Drawn(int digit, long index, int size, float margin) =>
        Plane.From(new GreyImage(size, size, SyntheticDigits.Draw(digit, seed: 77, index, size, penWidth: size * 0.045f, margin))).Inverted();

    private static ReadingResult Read(Plane picture) => Reader.Read(picture.ToPicture(), single: true);

    private static Plane OnWhite(Plane picture, int width, int height, int left, int top)
    {
        var large = new Plane(width, height);
        large.Values.AsSpan().Fill(1f);
        for (var y = 0; y < picture.Height; y++)
        {
            picture.Row(y).CopyTo(large.Row(y + top)[left..]);
        }

        return large;
    }

    private static Plane Darkened(Plane picture, Plane ink)
    {
        for (var i = 0; i < picture.Values.Length; i++)
        {
            picture.Values[i] *= 1f - ink.Values[i];
        }

        return picture;
    }
}

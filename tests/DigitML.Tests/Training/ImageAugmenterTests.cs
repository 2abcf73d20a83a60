using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class ImageAugmenterTests
{
    private const int Width = 23;
    private const int Height = 29;

    private static byte[] Bar(int left, int top, int width, int height)
    {
        var picture = new byte[Width * Height];
        for (var y = top; y < top + height; y++)
        {
            picture.AsSpan((y * Width) + left, width).Fill(200);
        }

        return picture;
    }

    private static byte[] Augment(AugmentationOptions options, byte[] picture, int seed)
    {
        var random = new SeededRandom(seed, 1);
        var target = new byte[picture.Length];
        new ImageAugmenter(options, Width, Height).Augment(picture, target, random);
        return target;
    }

    [Fact]
    public void Augment_AllZero_ChangesNothing()
    {
        var picture = Bar(5, 3, 4, 17);
        Assert.Equal(picture, Augment(new AugmentationOptions(), picture, 61));
    }

    [Fact]
    public void Augment_EveryChangeAtOnce_FollowsFromTheSeedAlone()
    {
        var options = new AugmentationOptions { RotationDegrees = 20, Slant = 0.3f, Scale = 0.2f, Shift = 3, Elastic = 2, StrokeWidth = 1.5f, Blur = 2, Fading = 0.5f, Noise = 20, Remains = 1 };
        var picture = Bar(8, 5, 4, 17);
        Assert.Equal(Augment(options, picture, 62), Augment(options, picture, 62));
        Assert.NotEqual(Augment(options, picture, 62), Augment(options, picture, 63));
    }

    [Fact]
    public void Augment_Shift_MovesTheCentreOfMassNoFartherThanAllowed()
    {
        var moved = 0.0;
        for (var seed = 0; seed < 50; seed++)
        {
            var (x, y) = Centre(Augment(new AugmentationOptions { Shift = 3 }, Bar(8, 8, 5, 9), seed));

            // Half a pixel for the rounding of grey values.
            Assert.InRange(x - 10, -3.5, 3.5);
            Assert.InRange(y - 12, -3.5, 3.5);
            moved += Math.Abs(x - 10);
        }

        Assert.InRange(moved / 50, 1, 2);
    }

    [Fact]
    public void Augment_StrokeWidth_MakesStrokesBothThickerAndThinner()
    {
        var masses = Enumerable.Range(0, 40).Select(seed => Augment(new AugmentationOptions { StrokeWidth = 1 }, Bar(8, 6, 3, 15), seed).Sum(p => p)).ToArray();
        var mass = Bar(8, 6, 3, 15).Sum(p => p);
        Assert.Contains(masses, m => m > mass * 1.3);
        Assert.Contains(masses, m => m < mass * 0.8);
    }

    [Fact]
    public void Augment_Rotation_KeepsTheInkAndTurnsIt()
    {
        var picture = Bar(10, 4, 3, 21);
        var turned = Enumerable.Range(0, 20).Select(seed => Augment(new AugmentationOptions { RotationDegrees = 90 }, picture, seed)).ToArray();

        // Turned about the middle, nothing of a bar of 21 leaves a picture of 23 by 29.
        Assert.All(turned, t => Assert.InRange(t.Sum(p => p) / (double)picture.Sum(p => p), 0.95, 1.05));
        Assert.Contains(turned, t => Spread(t) > 5);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    public void Validate_ShareOutOfRange_SaysRangeAndValue(float remains)
    {
        var error = Assert.Throws<ArgumentException>(() => new MlpTrainer(new MlpOptions { Augmentation = new AugmentationOptions { Remains = remains } }));
        Assert.StartsWith("Augmentation.Remains must be 0 to 1; got ", error.Message);
    }

    [Fact]
    public void Fit_Augmented_GivesTheSameBytesAtAnyThreadCount()
    {
        var images = TinyData.Create(70, 3, 9, 8, seed: 64);
        var options = new MlpOptions { HiddenLayers = [13], Epochs = 3, BatchSize = 11, Seed = 65, Augmentation = new AugmentationOptions { RotationDegrees = 10, Shift = 1, Noise = 20 } };
        var losses = new[] { 1, 2, 3 }.Select(threads => new MlpTrainer(options with { Threads = threads }).Fit(images).History.Epochs[^1].TrainLoss).ToArray();
        Assert.Equal(losses[0], losses[1]);
        Assert.Equal(losses[0], losses[2]);
        Assert.NotEqual(losses[0], new MlpTrainer(options with { Augmentation = null }).Fit(images).History.Epochs[^1].TrainLoss);
    }

    private static (double X, double Y) Centre(byte[] picture)
    {
        double mass = 0, x = 0, y = 0;
        for (var i = 0; i < picture.Length; i++)
        {
            mass += picture[i];
            x += picture[i] * (i % Width);
            y += picture[i] * (i / Width);
        }

        return (x / mass, y / mass);
    }

    /// <summary>Deviation of the ink from its centre, across.</summary>
    private static double Spread(byte[] picture)
    {
        var (centre, _) = Centre(picture);
        double mass = 0, sum = 0;
        for (var i = 0; i < picture.Length; i++)
        {
            mass += picture[i];
            sum += picture[i] * Math.Pow((i % Width) - centre, 2);
        }

        return Math.Sqrt(sum / mass);
    }
}

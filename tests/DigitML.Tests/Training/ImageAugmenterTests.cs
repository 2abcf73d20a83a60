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
    public void Augment_WarpAndStrokesOfAnySize_AreThoseOfALoopOverPixels()
    {
        var chance = new SeededRandom(66, 1);
        for (var trial = 0; trial < 60; trial++)
        {
            var (width, height) = (1 + chance.Next(40), 1 + chance.Next(40));
            var picture = new byte[width * height];
            foreach (ref var pixel in picture.AsSpan())
            {
                pixel = chance.Next(3) == 0 ? (byte)chance.Next(256) : (byte)0;
            }

            // Shifts that leave the picture, too.
            var options = new AugmentationOptions { RotationDegrees = 90, Slant = 0.5f, Scale = 0.4f, Shift = 3 + chance.Next(30), Elastic = trial % 3, StrokeWidth = trial % 4 * 0.6f };
            var target = new byte[picture.Length];
            new ImageAugmenter(options, width, height).Augment(picture, target, new SeededRandom(trial, 2));
            Assert.Equal(Expected(options, picture, width, height, new SeededRandom(trial, 2)), target);
        }
    }

    /// <summary>What the picture becomes, each pixel for itself.</summary>
    private static byte[] Expected(AugmentationOptions options, byte[] picture, int width, int height, SeededRandom random)
    {
        var values = Array.ConvertAll(picture, pixel => (float)pixel);
        var (sin, cos) = MathF.SinCos(Symmetric(options.RotationDegrees) * MathF.PI / 180f);
        var slant = Symmetric(options.Slant);
        var (scaleX, scaleY) = (1f / (1f + Symmetric(options.Scale)), 1f / (1f + Symmetric(options.Scale)));
        var (shiftX, shiftY) = (Symmetric(options.Shift), Symmetric(options.Shift));
        var (middleX, middleY) = ((width - 1) / 2f, (height - 1) / 2f);
        var across = (int)(width / 7f) + 4;
        var (nodesX, nodesY) = (new float[across * ((int)(height / 7f) + 4)], new float[across * ((int)(height / 7f) + 4)]);
        for (var i = 0; i < nodesX.Length && options.Elastic > 0; i++)
        {
            nodesX[i] = (float)random.NextGaussian() * options.Elastic;
            nodesY[i] = (float)random.NextGaussian() * options.Elastic;
        }

        var warped = new float[values.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var fromX = x - middleX - shiftX + Bend(nodesX, x, y);
                var fromY = y - middleY - shiftY + Bend(nodesY, x, y);
                var turnedX = (cos * fromX) + (sin * fromY);
                var turnedY = (cos * fromY) - (sin * fromX);
                var (sourceX, sourceY) = (((turnedX + (slant * turnedY)) * scaleX) + middleX, (turnedY * scaleY) + middleY);
                var (left, top) = ((int)MathF.Floor(sourceX), (int)MathF.Floor(sourceY));
                ReadOnlySpan<float> corners = [At(values, left, top), At(values, left + 1, top), At(values, left, top + 1), At(values, left + 1, top + 1)];
                warped[(y * width) + x] = Bilinear.Blend(corners, 0, 2, sourceX - left, sourceY - top);
            }
        }

        var change = Symmetric(options.StrokeWidth);
        for (var rest = MathF.Abs(change); rest > 0; rest -= 1f)
        {
            var before = (float[])warped.Clone();
            for (var i = 0; i < warped.Length; i++)
            {
                var (x, y) = (i % width, i / width);
                float[] cross = [before[i], At(before, x - 1, y), At(before, x + 1, y), At(before, x, y - 1), At(before, x, y + 1)];
                warped[i] = before[i] + (MathF.Min(1f, rest) * ((change > 0 ? cross.Max() : cross.Min()) - before[i]));
            }
        }

        return Array.ConvertAll(warped, value => (byte)Math.Clamp(value + 0.5f, 0f, 255f));

        float Symmetric(float limit) => (float)((random.NextDouble() * 2) - 1) * limit;

        float At(float[] plane, int x, int y) => x >= 0 && x < width && y >= 0 && y < height ? plane[(y * width) + x] : 0f;

        float Bend(float[] nodes, int x, int y)
        {
            var (weightsX, weightsY) = (Spline(x / 7f), Spline(y / 7f));
            var first = ((int)(y / 7f) * across) + (int)(x / 7f);
            return Blend(weightsX, column => Blend(weightsY, row => nodes[first + (row * across) + column]));
        }

        static float Blend(float[] weights, Func<int, float> value) => (value(0) * weights[0]) + (value(1) * weights[1]) + (value(2) * weights[2]) + (value(3) * weights[3]);

        static float[] Spline(float place)
        {
            var t = place - (int)place;
            var rest = 1f - t;
            return [rest * rest * rest / 6f, ((3f * t * t * t) - (6f * t * t) + 4f) / 6f, ((3f * rest * rest * rest) - (6f * rest * rest) + 4f) / 6f, t * t * t / 6f];
        }
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

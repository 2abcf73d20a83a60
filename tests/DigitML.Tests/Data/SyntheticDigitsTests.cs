using DigitML.Data;
using DigitML.Training;

namespace DigitML.Tests.Data;

public class SyntheticDigitsTests
{
    [Fact]
    public void Create_AnyThreadsAndAnyStart_GivesTheSamePictures()
    {
        var whole = SyntheticDigits.Create(257, 451, threads: 1);
        Assert.Equal(whole.Hash, SyntheticDigits.Create(257, 451, threads: 3).Hash);

        var part = SyntheticDigits.Create(101, 451, start: 153);
        Assert.Equal(whole.Slice(153, 101).Hash, part.Hash);
        Assert.NotEqual(whole.Hash, SyntheticDigits.Create(257, 452).Hash);
    }

    [Fact]
    public void Create_ASmallSeries_IsWhatItWasOnEveryMachine() =>
        // Recorded: whoever changes how digits are written changes this, and the figures that were measured on them.
        Assert.StartsWith("c1191dfe37ed3234548fa6bcc22762b4", SyntheticDigits.Create(203, 458).Hash);

    [Fact]
    public void Create_AModelTrainedOnThemAlone_ReadsMnist()
    {
        var test = IdxReader.ReadImages(
            MnistFolder.Find(RealMnist.FolderOrSkip(), MnistFile.TestImages)!,
            MnistFolder.Find(RealMnist.FolderOrSkip(), MnistFile.TestLabels));
        var options = new MlpOptions { Epochs = 3, BatchSize = 64, LearningRate = 2e-3f, ValidationFraction = 0, Seed = 459 };
        var model = new MlpTrainer(options).Fit(SyntheticDigits.Create(24_010, 459), cancellationToken: TestContext.Current.CancellationToken).Model;

        var right = Enumerable.Range(0, test.Count).Count(i => model.Predict(test.Image(i)).PredictedLabel == test.Label(i));

        // A short training on a part of them: the full recipe reads 95 % and more.
        Assert.InRange(right, 0.9 * test.Count, test.Count);
    }

    [Fact]
    public void Create_AnyTenInARow_HoldEachDigitOnce()
    {
        var images = SyntheticDigits.Create(230, 453, start: 1_000_000_000_010);
        Assert.Equal((230, 28, 28, 10, true, "synthetic digits"), (images.Count, images.Width, images.Height, images.ClassCount, images.IsSynthetic, images.Name));
        for (var ten = 0; ten < 23; ten++)
        {
            Assert.Equal(10, images.Labels.Slice(10 * ten, 10).ToArray().Distinct().Count());
        }

        // In no fixed order, and no picture twice.
        Assert.NotEqual(images.Labels[..10].ToArray(), images.Labels.Slice(10, 10).ToArray());
        Assert.Equal(230, Enumerable.Range(0, 230).Select(i => Convert.ToHexString(images.Image(i))).Distinct().Count());
    }

    [Fact]
    public void Create_EveryPicture_IsMadeAsMnistIs()
    {
        var images = SyntheticDigits.Create(1003, 454);
        var lopsided = 0;
        for (var i = 0; i < images.Count; i++)
        {
            var picture = images.Image(i);
            Assert.Equal(255, Max(picture));
            var (left, top, right, bottom) = (28, 28, -1, -1);
            double mass = 0, x = 0, y = 0;
            for (var j = 0; j < picture.Length; j++)
            {
                if (picture[j] > 0)
                {
                    (left, right) = (Math.Min(left, j % 28), Math.Max(right, j % 28));
                    (top, bottom) = (Math.Min(top, j / 28), Math.Max(bottom, j / 28));
                    mass += picture[j];
                    x += picture[j] * (j % 28);
                    y += picture[j] * (j / 28);
                }
            }

            // The longer side fills twenty pixels.
            Assert.Equal(20, Math.Max(right - left, bottom - top) + 1);
            lopsided += x / mass is < 13.45 or > 14.55 || y / mass is < 13.45 or > 14.55 ? 1 : 0;
        }

        // The middle of the ink is at 14, to the nearest pixel, unless the box would have to leave the picture.
        Assert.InRange(lopsided, 0, images.Count / 50);
    }

    [Fact]
    public void Draw_AnySizeAndPen_FillsTheSquareUpToItsMargin()
    {
        foreach (var size in new[] { 31, 200, 333 })
        {
            var picture = SyntheticDigits.Draw(8, 455, 3, size, penWidth: 5, margin: 0.2f);
            Assert.Equal(size * size, picture.Length);
            Assert.Equal(255, Max(picture));
            var inked = Enumerable.Range(0, size).Where(row => Max(picture.AsSpan(row * size, size)) > 127).ToArray();
            Assert.InRange(inked[0], 0.2 * size - 3, 0.35 * size);
            Assert.InRange(inked[^1], 0.65 * size, 0.8 * size + 3);
        }

        Assert.True(Ink(2) < Ink(6) && Ink(6) < Ink(18));

        static int Ink(float pen) => SyntheticDigits.Draw(3, 456, 1, 200, pen).Count(pixel => pixel > 127);
    }

    [Fact]
    public void Draw_EveryDigit_IsWrittenInManyWays()
    {
        for (var digit = 0; digit < 10; digit++)
        {
            var ways = Enumerable.Range(0, 20).Select(i => Convert.ToHexString(SyntheticDigits.Draw(digit, 457, i, 40))).Distinct();
            Assert.Equal(20, ways.Count());
        }
    }

    [Fact]
    public void Draw_ArgumentsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Draw(10, 1, 0, 28));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Draw(0, 1, 0, 0));
        Assert.Throws<ArgumentException>(() => SyntheticDigits.Draw(0, 1, 0, 28, penWidth: 0));
        Assert.Throws<ArgumentException>(() => SyntheticDigits.Draw(0, 1, 0, 28, margin: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Create(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Create(int.MaxValue, 1));
        Assert.Empty(SyntheticDigits.Create(0, 1).Pixels.ToArray());
    }

    private static byte Max(ReadOnlySpan<byte> pixels)
    {
        byte highest = 0;
        foreach (var pixel in pixels)
        {
            highest = Math.Max(highest, pixel);
        }

        return highest;
    }
}

using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class TurnedPagesTests
{
    private static readonly DigitReader s_reader = new();

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    public void Read_PagesOnTheirSide_AreReadAsIfTheyStoodUpright(int turn)
    {
        const int Count = 20;
        var right = 0;
        for (var i = 0; i < Count; i++)
        {
            var random = new Random(7100 + i);
            string[] rows = [.. Enumerable.Range(0, 2).Select(_ => string.Concat(Enumerable.Range(0, 5).Select(_ => "23457"[random.Next(5)])))];
            var page = WrittenPage.Draw(rows, seed: 400 + i);
            var upright = s_reader.Read(page);
            var turned = Orientation.Apply(page, turn);
            var reading = s_reader.Read(turned);

            Assert.Equal((turned.Width, turned.Height), (reading.Width, reading.Height));
            right += reading.Text == upright.Text ? 1 : 0;
            if (reading.Text == upright.Text)
            {
                AssertInk(turned, reading);
            }
        }

        // Where a quarter turn leaves most of a page's digits looking like others, it stays as it is.
        Assert.True(right >= 0.7 * Count, $"{right} of {Count}");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    public void Read_InkWantedOfAPageOnItsSide_BelongsToADigit(int turn)
    {
        const int Count = 10;
        var taken = 0;
        for (var i = 0; i < Count; i++)
        {
            var page = WrittenPage.Draw(["23457", "75432"], seed: 450 + i);
            var pixels = page.Pixels.ToArray();
            var (x, y) = (10 + (2 * i), 60 + (7 * i));
            for (var row = y; row < y + 11; row++)
            {
                pixels.AsSpan((row * page.Width) + x, 12).Clear();
            }

            var turned = Orientation.Apply(new GreyImage(page.Width, page.Height, pixels), turn);
            var upright = s_reader.Read(new GreyImage(page.Width, page.Height, pixels));
            var before = s_reader.Read(turned);
            if (before.LeftOut.Count != 1 || before.Text != upright.Text)
            {
                continue;
            }

            var wanted = before.LeftOut[0].Box;
            var after = new DigitReader(new ReaderOptions { Wanted = [wanted] }).Read(turned);

            Assert.Equal(before.Digits.Count, after.Digits.Count);
            Assert.Empty(after.LeftOut);
            Assert.Contains(after.Digits, digit => digit.Box.ShareOf(wanted) > 0.9);
            taken++;
        }

        // As many pages as above are read on their side.
        Assert.True(taken >= 0.7 * Count, $"{taken} of {Count}");
    }

    [Fact]
    public void Read_LinesOfZerosAmongSigns_StayUpright()
    {
        for (var i = 0; i < 40; i++)
        {
            var random = new Random(7600 + i);
            var line = WrittenPage.Draw([string.Concat(Enumerable.Range(0, random.Next(3, 6)).Select(_ => "0006"[random.Next(4)]))], seed: 700 + i);
            // A number sign on either side, which is no digit whichever way it is turned.
            var (width, height) = (line.Width + (2 * line.Height), line.Height);
            var pixels = new byte[width * height];
            Array.Fill(pixels, byte.MaxValue);
            for (var y = 0; y < height; y++)
            {
                line.Pixels.Slice(y * line.Width, line.Width).CopyTo(pixels.AsSpan((y * width) + height));
            }

            foreach (var left in new[] { height / 4, width - (3 * height / 4) })
            {
                for (var k = 0; k < height / 2; k++)
                {
                    foreach (var across in new[] { height / 6, height / 3 })
                    {
                        pixels.AsSpan((((height / 4) + k) * width) + left + across, 3).Fill(30);
                        pixels.AsSpan((((height / 4) + across) * width) + left, height / 2).Fill(30);
                    }
                }
            }

            var reading = s_reader.Read(new GreyImage(width, height, pixels));

            var read = reading.Digits.Where(digit => digit.Verdict != Verdict.NotADigit).Select(digit => digit.Box.X).ToArray();
            Assert.Equal(read.Order(), read);
            Assert.True(!reading.Text.Contains('\n', StringComparison.Ordinal), FormattableString.Invariant($"line {i}: {reading.Text.ReplaceLineEndings(" / ")}"));
        }
    }

    /// <summary>Every box touches ink on each of its sides.</summary>
    private static void AssertInk(GreyImage page, ReadingResult reading)
    {
        foreach (var box in reading.Digits.Select(digit => digit.Box))
        {
            bool HasInk(int left, int top, int right, int bottom)
            {
                for (var y = top; y < bottom; y++)
                {
                    for (var x = left; x < right; x++)
                    {
                        if (page.Pixels[(y * page.Width) + x] < 200)
                        {
                            return true;
                        }
                    }
                }

                return false;
            }

            Assert.True(HasInk(box.X, box.Y, Math.Min(box.Right, box.X + 3), box.Bottom), $"{box}");
            Assert.True(HasInk(Math.Max(box.X, box.Right - 3), box.Y, box.Right, box.Bottom), $"{box}");
            Assert.True(HasInk(box.X, box.Y, box.Right, Math.Min(box.Bottom, box.Y + 3)), $"{box}");
            Assert.True(HasInk(box.X, Math.Max(box.Y, box.Bottom - 3), box.Right, box.Bottom), $"{box}");
        }
    }
}

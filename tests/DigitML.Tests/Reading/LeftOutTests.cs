using System.Diagnostics;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Tests.Reading;

public class LeftOutTests
{
    private const int Width = 403;
    private const int Height = 301;

    [Fact]
    public void Read_RuledLineBelowTheDigit_IsToldWhereItIs()
    {
        for (var i = 0; i < 10; i++)
        {
            var y = 251 + (2 * i);
            var reading = new DigitReader().Read(Drawn(i, (0, y, Width, 3)));

            var line = Assert.Single(reading.LeftOut, ink => ink.Reason == LeftOutReason.Line);
            Assert.Equal((0, Width), (line.Box.X, line.Box.Width));
            Assert.InRange(line.Box.Y, y - 2, y + 2);
            Assert.InRange(line.Box.Bottom, y + 2, y + 7);
        }
    }

    [Fact]
    public void Read_SpecksAwayFromTheDigit_AreTold()
    {
        for (var i = 0; i < 10; i++)
        {
            var (x, y) = (7 + (3 * i), 11 + i);
            var reading = new DigitReader().Read(Drawn(i, (x, y, 9, 8)));

            var speck = Assert.Single(reading.LeftOut);
            Assert.Equal(LeftOutReason.Dirt, speck.Reason);
            Assert.InRange(speck.Box.X, x - 2, x + 2);
            Assert.InRange(speck.Box.Y, y - 2, y + 2);
        }
    }

    [Fact]
    public void Read_AHairAboveRows_IsNoOneOnALineOfItsOwn()
    {
        for (var i = 0; i < 12; i++)
        {
            var random = SeededRandom.OfItem(i, 0);
            var page = WrittenPage.Draw(["2345", "8620"], seed: 800 + i, margin: 110);
            var pixels = page.Pixels.ToArray();
            var (x, y) = (random.Next(120, page.Width - 120), random.Next(8, 16));
            for (var row = 0; row < 40 + (3 * i); row++)
            {
                pixels[((y + row) * page.Width) + x] = 60;
            }

            Assert.Equal(new DigitReader().Read(page).Text, new DigitReader().Read(new GreyImage(page.Width, page.Height, pixels)).Text);
        }
    }

    [Fact]
    public void Read_AFiveWhoseBarStandsApart_IsOneDigitWithItsBar()
    {
        var wrong = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var random = SeededRandom.OfItem(60, i);
            float Near(float place) => place + random.Between(-3f, 3f);
            var coverage = new Plane(120, 120);
            var thick = random.Between(4f, 7f);
            (float X, float Y)[] body = [(Near(44), Near(46)), (Near(38), Near(64)), (Near(62), Near(62)), (Near(74), Near(76)), (Near(60), Near(88)), (Near(40), Near(86)), (Near(39), Near(74))];
            for (var k = 1; k < body.Length; k++)
            {
                PenStrokes.Line(coverage, body[k - 1].X, body[k - 1].Y, body[k].X, body[k].Y, thick);
            }

            var gap = random.Between(2f, 5f);
            PenStrokes.Line(coverage, Near(52), body[0].Y - thick - gap, Near(86), body[0].Y - thick - gap - random.Between(0f, 4f), thick);
            var picture = new GreyImage(120, 120, Array.ConvertAll(coverage.Values, value => (byte)(235 - (200 * value) + random.Between(-8f, 8f))));

            var reading = new DigitReader().Read(picture);
            if (reading.Text != "5" || reading.LeftOut.Count > 0)
            {
                wrong.Add(FormattableString.Invariant($"{i} as {reading.Text.ReplaceLineEndings("/")}, {reading.LeftOut.Count} left out"));
            }
        }

        Assert.True(wrong.Count <= 2, string.Join("; ", wrong));
    }

    [Fact]
    public void Read_NothingButTheDigit_LeavesNothingOut()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Empty(new DigitReader().Read(Drawn(i)).LeftOut);
            Assert.Empty(new DigitReader().Read(Drawn(i), single: true).LeftOut);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_WhatWasLeftOutIsWanted_BelongsToTheDigit(bool single)
    {
        var taken = 0;
        for (var i = 0; i < 10; i++)
        {
            foreach (var ink in new[] { (0, 252, Width, 3), (60, 20, 9, 8) })
            {
                var picture = Drawn(i, ink);
                var before = new DigitReader().Read(picture, single);
                if (before.LeftOut.Count == 0)
                {
                    continue;
                }

                var wanted = before.LeftOut[0].Box;
                var after = new DigitReader(new ReaderOptions { Wanted = [wanted] }).Read(picture, single);

                Assert.DoesNotContain(after.LeftOut, left => wanted.ShareOf(left.Box) > 0.6);
                Assert.True(after.Digits.Any(digit => digit.Box.ShareOf(wanted) > 0.5), $"Digit {i}, {ink}: {wanted} is in none of {string.Join(", ", after.Digits.Select(digit => digit.Box))}; left out {string.Join(", ", after.LeftOut)}.");
                taken++;
            }
        }

        Assert.True(taken >= 10, $"{taken} of 20 pictures left something out.");
    }

    [Fact]
    public void Json_OfAReading_TellsWhatWasLeftOutOnlyWhereSomethingWas()
    {
        var with = new DigitReader().Read(Drawn(1, (0, 252, Width, 3)));
        Assert.Contains("\"leftOut\":[{\"box\":{\"x\":0,", with.ToJson(), StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"line\"", with.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("leftOut", new DigitReader().Read(Drawn(1)).ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_MoreBoxesThanMayBeWanted_SayHowMany()
    {
        var error = Assert.Throws<ArgumentException>(() => new DigitReader(new ReaderOptions { Wanted = new PixelBox[101] }));
        Assert.Equal("Wanted must be at most 100 boxes; got 101.", error.Message);
    }

    [Fact]
    public void Trace_OfAReading_NamesItsSteps()
    {
        var heard = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ReadingTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (heard)
                {
                    heard.Add(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        new DigitReader().Read(PngEncoder.Encode(Drawn(2)));

        lock (heard)
        {
            Assert.Superset(new HashSet<string> { "decode", "preprocess", "segment", "classify" }, heard.ToHashSet());
        }
    }

    /// <summary>A synthetic digit, dark on white, five times as large as MNIST has it, with other ink in boxes.</summary>
    private static GreyImage Drawn(int index, params (int X, int Y, int Width, int Height)[] others)
    {
        const int scale = 5;
        var digit = SyntheticDigits.Create(1, seed: 1611, index).Image(0);
        var pixels = new byte[Width * Height];
        Array.Fill<byte>(pixels, 255);
        for (var y = 0; y < 28 * scale; y++)
        {
            for (var x = 0; x < 28 * scale; x++)
            {
                pixels[((y + 70) * Width) + x + 130] = (byte)(255 - digit[(y / scale * 28) + (x / scale)]);
            }
        }

        foreach (var (left, top, width, height) in others)
        {
            for (var y = top; y < top + height; y++)
            {
                pixels.AsSpan((y * Width) + left, width).Fill(20);
            }
        }

        return new GreyImage(Width, Height, pixels);
    }
}

using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Synthesis;

namespace DigitML.Tests.Preprocessing;

/// <summary>From pictures to ink: ground, polarity, thresholds, lines.</summary>
public class InkTests
{
    [Theory]
    [InlineData(0.0f)]
    [InlineData(0.5f)]
    public void Ground_StrokesUnderAGradient_FollowsTheLightAndNotTheStrokes(float depth)
    {
        var picture = Sheet(173, 131);
        Bar(picture, 40, 30, 9, 70, 0.15f);
        Light.Gradient(picture, depth, 0.7f);
        var light = Sheet(173, 131);
        Light.Gradient(light, depth, 0.7f);

        var ground = GroundEstimator.Estimate(picture);

        for (var i = 0; i < ground.Values.Length; i++)
        {
            Assert.Equal(light.Values[i], ground.Values[i], 0.05f);
        }
    }

    [Fact]
    public void Ground_HardShadow_IsNoInk()
    {
        var picture = Sheet(211, 167);
        for (var y = 0; y < 167; y++)
        {
            picture.Row(y)[120..].Fill(0.5f);
        }

        Bar(picture, 50, 40, 6, 80, 0.2f);
        Bar(picture, 160, 40, 6, 80, 0.1f);

        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        Assert.Equal([new PixelBox(50, 40, 6, 80), new PixelBox(160, 40, 6, 80)], ink.Visible.Select(component => component.Box).OrderBy(box => box.X));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Extract_OneStrokeFarBroaderThanTheOthers_IsSolid(int usual)
    {
        for (var i = 0; i < 20; i++)
        {
            var random = new Random(usual + (10 * i));
            var (height, broad) = (random.Next(52, 90), (int)(usual * (2 + random.NextDouble())));
            var picture = Sheet(180, height);
            for (var x = 10; x < 160; x += 15)
            {
                Bar(picture, x, 12, x == 85 ? broad : usual, height - 24, 0.3f);
            }

            Light.Gradient(picture, 0.2f, (float)random.NextDouble());

            var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

            var stroke = Assert.Single(ink.Visible, component => component.Box.X == 85);
            Assert.Equal((broad, broad * (height - 24)), (stroke.Box.Width, stroke.Area));
        }
    }

    [Fact]
    public void Extract_ThingsThatReachInFromTheBorder_LeaveNoInk()
    {
        for (var i = 0; i < 40; i++)
        {
            var random = SeededRandom.OfItem(31, i);
            var picture = Sheet(random.Next(150, 420), random.Next(150, 420));
            var (width, height) = (picture.Width, picture.Height);
            Bar(picture, (width / 2) - 20, height / 2, 5, height / 4, 0.3f);
            Bar(picture, (width / 2) + 20, height / 2, 5, height / 4, 0.3f);
            var (radiusX, radiusY) = (width * random.Between(0.15f, 0.35f), height * random.Between(0.15f, 0.35f));
            // Its middle is on the border: left, right or above.
            var (x, y) = (i % 3) switch { 0 => (0, height * random.NextSingle()), 1 => (width - 1, height * random.NextSingle()), _ => (width * random.NextSingle(), 0f) };
            var (power, tone) = (random.Between(2, 6), random.Between(0, 0.3f));
            for (var at = 0; at < picture.Values.Length; at++)
            {
                var (down, across) = Math.DivRem(at, width);
                var cover = 1 - MathF.Pow(MathF.Pow(Math.Abs(across - x) / radiusX, power) + MathF.Pow(Math.Abs(down - y) / radiusY, power), 1 / power);
                picture.Values[at] += Math.Clamp((cover * radiusX) + 0.5f, 0, 1) * (Math.Min(tone, picture.Values[at]) - picture.Values[at]);
            }

            var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

            Assert.All(ink.Components.All, component => Assert.True(
                // What is small enough to be a stroke by its breadth is told by its being solid, later.
                DigitGroups.Touches(component, width, height) ? component.Area >= 0.5 * component.Box.Width * component.Box.Height : component.Box.Width <= 6 && component.Box.Height >= height / 8,
                FormattableString.Invariant($"picture {i}, {width}×{height}: {component.Box}")));
        }
    }

    [Fact]
    public void Extract_PictureMadeAsMnistWas_KeepsEveryValue()
    {
        var random = new Random(6);
        var picture = new Plane(28, 28);
        for (var y = 5; y < 24; y++)
        {
            for (var x = 10; x < 15; x++)
            {
                picture.Values[(y * 28) + x] = x is 10 or 14 ? random.Next(20, 255) / 255f : 1f;
            }
        }

        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: true)).First();

        Assert.Equal(picture.ToBytes(), ink.Ink.ToBytes());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(32)]
    public void Extract_CountsOfInk_KeepTheirLevels(int side)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            // Blocks of a bilevel picture, counted: 17 levels, whatever lies beside whatever, and little ground, as in a frame that is filled.
            var random = new Random(side + (100 * seed));
            var picture = Sheet(side, side).Inverted();
            for (var i = 0; i < picture.Values.Length; i++)
            {
                picture.Values[i] = random.Next(10) < 3 ? 0 : random.Next(10, 17) / 16f;
            }

            var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: true)).First();

            var most = picture.Values.Max();
            Assert.Equal(picture.Values.Select(value => value / most), ink.Ink.Values, (a, b) => Math.Abs(a - b) < 0.01f);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_LinesThatAreDenied_StayInk(bool isPage)
    {
        var picture = Sheet(207, 131);
        Bar(picture, 0, 20, 207, 5, 0.1f);
        Bar(picture, 90, 20, 8, 100, 0.1f);

        Assert.Contains(InkSearch.Find(picture, isPage), way => way.Ink.Components.All.Max(component => component.Box.Width) < 100);
        Assert.All(InkSearch.Find(picture, isPage, hasLines: false), way => Assert.Equal(207, way.Ink.Components.All.Max(component => component.Box.Width)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Polarity_StrokeOnGround_IsPlain(bool isLightOnDark)
    {
        var picture = Sheet(97, 119);
        Bar(picture, 30, 20, 5, 80, 0.1f);

        var odds = PolarityPrior.LogOdds(isLightOnDark ? picture.Inverted() : picture);

        Assert.True(isLightOnDark ? odds < -3 : odds > 3, $"log-odds {odds}");
    }

    [Fact]
    public void RemoveLines_TiltedGridAcrossAStroke_LeavesTheStrokeAlone()
    {
        var picture = Sheet(301, 223);
        Paper.Lines(picture, Print.Squared, 70, 2.4f, 0.85f, 0.03f, SeededRandom.OfItem(9, 0));
        Bar(picture, 140, 50, 11, 120, 0.1f);
        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        var (without, lines, isRuling, isBox, _) = Assert.IsType<RemovedLines>(LineRemover.Remove(ink, isPage: false));

        Assert.InRange(lines, 6, 9);
        Assert.True(isRuling);
        Assert.False(isBox);
        var stroke = without.Components.All.MaxBy(component => component.Area)!;
        Assert.Equal(140, stroke.Box.X, 4.0);
        Assert.Equal(120, stroke.Box.Height, 6.0);
        Assert.InRange(stroke.Area, 11 * 120 * 0.9, 11 * 120 * 1.15);
        Assert.True(without.Components.All.Where(component => component != stroke).Sum(component => component.Area) < 0.25 * stroke.Area);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void RemoveLines_TwoSidesOfABoxAtTheBorder_AreABox(bool isLeft, bool isTop)
    {
        for (var thickness = 1; thickness <= 4; thickness++)
        {
            // What lies on the very border goes on beyond it: a dark ground, not a line.
            for (var inset = 1; inset < 12; inset++)
            {
                var picture = Sheet(114, 144);
                Bar(picture, 0, isTop ? inset : 144 - inset - thickness, 114, thickness, 0.1f);
                Bar(picture, isLeft ? inset : 114 - inset - thickness, 0, thickness, 144, 0.1f);
                Bar(picture, 50, 40, 9, 60, 0.1f);

                var removed = LineRemover.Remove(InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First(), isPage: false);

                Assert.True(removed is { Count: 2, IsRuling: true, IsBox: true }, FormattableString.Invariant($"{thickness} broad, {inset} from the border: {removed}"));
                Assert.Equal(new PixelBox(50, 40, 9, 60), Assert.Single(removed!.Ink.Components.All, component => component.Area > 50).Box);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RemoveLines_OneUprightSideFromBorderToBorder_IsABoxUnlessADigitFillsThePicture(bool isLeft)
    {
        for (var thickness = 1; thickness <= 4; thickness++)
        {
            for (var inset = 1; inset < 12; inset++)
            {
                // A digit with a straight stem, tightly cut: what is not the stem reaches one of the other borders.
                for (var reaching = 0; reaching < 3; reaching++)
                {
                    var picture = Sheet(114, 144);
                    Bar(picture, isLeft ? inset : 114 - inset - thickness, 0, thickness, 144, 0.1f);
                    var (x, y, width, height) = reaching switch
                    {
                        0 => (50, 40, 9, 60),
                        1 => (50, 0, 9, 60),
                        _ => (isLeft ? 54 : 0, 40, 60, 9),
                    };
                    Bar(picture, x, y, width, height, 0.1f);

                    var removed = LineRemover.Remove(InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First(), isPage: false);

                    Assert.True(removed is { Count: 1, IsRuling: true } && removed.IsBox == (reaching == 0), FormattableString.Invariant($"{thickness} broad, {inset} from the border, {reaching}: {removed}"));
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void Groups_APieceBesideTheMainOne_BelongsToItUnlessItReachesTheBorder(int gap)
    {
        foreach (var isAtBorder in new[] { true, false })
        {
            var picture = Sheet(isAtBorder ? 60 + gap + 3 : 120, 100);
            Bar(picture, 40, 30, 20, 40, 0.1f);
            Bar(picture, 60 + gap, 40, 3, 16, 0.1f);

            var groups = DigitGroups.Of(InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First());

            Assert.Equal(isAtBorder ? 1 : 2, groups.MaxBy(group => group.Prior).Group.Count);
        }
    }

    [Fact]
    public void Ground_SoftShadowUnderThinStrokes_IsFollowedClosely()
    {
        for (var i = 0; i < 20; i++)
        {
            var random = new Random(1300 + i);
            var (edge, soft, depth) = (random.Next(70, 130), random.Next(18, 30), 0.35f + (0.02f * (i % 10)));
            var picture = Sheet(211, 167);
            for (var y = 0; y < 167; y++)
            {
                var row = picture.Row(y);
                for (var x = 0; x < row.Length; x++)
                {
                    // As deep as it gets in the middle of a band, lighter towards either side.
                    row[x] *= 1 - (depth * Math.Max(0, 1 - (Math.Abs(x - edge) / (float)soft)));
                }
            }

            Bar(picture, edge + 40, 40, 4, 80, 0.2f);

            var ground = GroundEstimator.Estimate(picture, isClose: true);
            var under = Enumerable.Range(0, 167).Max(y => 1 - (picture.Row(y)[edge] / ground.Row(y)[edge]));
            var ink = 1 - (picture.Row(80)[edge + 41] / ground.Row(80)[edge + 41]);

            Assert.True(under < 0.4f * ink, FormattableString.Invariant($"{i}: the shadow {under:0.00}, the stroke {ink:0.00}; otherwise {1 - (picture.Row(80)[edge] / GroundEstimator.Estimate(picture).Row(80)[edge]):0.00}"));
        }
    }

    [Fact]
    public void RemoveLines_WallsOfCellsAlone_AreTakenOutAndOnesAreNot()
    {
        for (var i = 0; i < 40; i++)
        {
            var random = new Random(900 + i);
            var (cells, side, tall) = (random.Next(3, 9), random.Next(40, 60), random.Next(20, 30));
            var picture = Sheet((cells * side) + 41, side + 30);
            for (var cell = 0; cell <= cells; cell++)
            {
                Bar(picture, 20 + (cell * side), 15, random.Next(1, 3), side, 0.2f);
                if (cell == cells)
                {
                    break;
                }

                // A box stands for a broad digit; there is one at least.
                var (x, y) = (20 + (cell * side) + 11, 15 + ((side - tall) / 2));
                Bar(picture, x, y, 3, tall, 0.2f);
                if (cell == 0 || random.Next(2) == 0)
                {
                    Bar(picture, x, y, 16, 3, 0.2f);
                    Bar(picture, x, y + tall - 3, 16, 3, 0.2f);
                }
            }

            var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

            var removed = Assert.IsType<RemovedLines>(LineRemover.Remove(ink, isPage: true));

            Assert.Equal(cells + 1, removed.Count);
            Assert.Equal((cells, tall), (removed.Ink.Components.All.Count, removed.Ink.Components.All.Min(component => component.Box.Height)));
        }
    }

    [Fact]
    public void RemoveLines_DigitWithoutLines_FindsNone()
    {
        var picture = Sheet(203, 187);
        Bar(picture, 60, 40, 80, 9, 0.1f);
        Bar(picture, 130, 40, 9, 100, 0.1f);

        Assert.Null(LineRemover.Remove(InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First(), isPage: false));
    }

    internal static Plane Sheet(int width, int height)
    {
        var sheet = new Plane(width, height);
        sheet.Values.AsSpan().Fill(1f);
        return sheet;
    }

    internal static void Bar(Plane picture, int x, int y, int width, int height, float value)
    {
        for (var row = y; row < y + height; row++)
        {
            picture.Row(row)[x..(x + width)].Fill(value);
        }
    }
}

using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Tests.Preprocessing;

public class LinesOfDigitsTests
{
    [Fact]
    public void FindLines_TwoRowsWithADot_AreInReadingOrder()
    {
        var picture = InkTests.Sheet(331, 203);
        int[] upper = [30, 90, 150];
        int[] lower = [40, 110, 180, 250];
        foreach (var x in upper)
        {
            InkTests.Bar(picture, x, 20, 12, 60, 0f);
        }

        foreach (var x in lower)
        {
            InkTests.Bar(picture, x, 120, 12, 55, 0f);
        }

        InkTests.Bar(picture, 150 + 25, 74, 6, 6, 0f);
        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        var lines = LineFinder.Find(ink);

        Assert.Equal([[30, 90, 150, 175], [40, 110, 180, 250]], lines.Select(line => line.Pieces.Select(piece => piece.Box.X).ToArray()));
        Assert.Equal(60, lines[0].DigitHeight);
    }

    [Fact]
    public void FindLines_CommasThatHangBelowTheirDigits_AreOfTheirLine()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = SeededRandom.OfItem(seed, 0);
            var picture = InkTests.Sheet(371, 203);
            var height = random.Between(50, 70);
            // From a little less than half of a digit's height to seven tenths, of which a tenth to four tenths beside the digits.
            var comma = (int)random.Between(0.44f * height, 0.7f * height);
            var beside = (int)Math.Max(2, random.Between(0.1f * comma, 0.4f * comma));
            var commas = 1 + (seed % 2);
            for (var i = 0; i < 5; i++)
            {
                InkTests.Bar(picture, 40 + (50 * i), 60, 12, (int)height, 0f);
            }

            for (var i = 0; i < commas; i++)
            {
                InkTests.Bar(picture, 40 + (50 * (1 + (2 * i))) + 22, 60 + (int)height - beside, 7, comma, 0f);
            }

            var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

            Assert.Equal((seed, 5 + commas), (seed, Assert.Single(LineFinder.Find(ink)).Pieces.Count));
        }
    }

    [Fact]
    public void FindLines_ALineOfLowerDigitsBelow_StaysALine()
    {
        var picture = InkTests.Sheet(331, 203);
        foreach (var x in new[] { 30, 90, 150 })
        {
            InkTests.Bar(picture, x, 20, 12, 60, 0f);
            InkTests.Bar(picture, x + 10, 88, 9, 40, 0f);
        }

        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        Assert.Equal([3, 3], LineFinder.Find(ink).Select(line => line.Pieces.Count));
    }

    [Fact]
    public void FindLines_ALowPieceByItself_HasThePagesDigitsHeight()
    {
        var picture = InkTests.Sheet(331, 303);
        InkTests.Bar(picture, 300, 10, 2, 32, 0f);
        foreach (var x in new[] { 30, 90, 150 })
        {
            InkTests.Bar(picture, x, 100, 12, 60, 0f);
            InkTests.Bar(picture, x, 200, 12, 60, 0f);
        }

        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        Assert.Equal([(1, 60), (3, 60), (3, 60)], LineFinder.Find(ink).Select(line => (line.Pieces.Count, line.DigitHeight)));
    }

    [Theory]
    [InlineData(0, 0, 331, 70)]
    [InlineData(0, 0, 60, 303)]
    [InlineData(271, 200, 60, 103)]
    public void FindLines_ObjectAtTheBorder_DoesNotSetTheDigitsHeight(int x, int y, int width, int height)
    {
        var picture = InkTests.Sheet(331, 303);
        InkTests.Bar(picture, x, y, width, height, 0f);
        foreach (var left in new[] { 100, 150, 200 })
        {
            InkTests.Bar(picture, left, 120, 9, 40, 0f);
        }

        var ink = InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark: false)).First();

        Assert.Contains(LineFinder.Find(ink), line => line.DigitHeight == 40 && line.Pieces.Select(piece => piece.Box.X).SequenceEqual([100, 150, 200]));
    }

    [Fact]
    public void Split_TwoBlobsJoinedByABridge_PartsThemAtTheBridge()
    {
        var ink = new Plane(91, 63);
        InkTests.Bar(ink, 2, 2, 36, 59, 1f);
        InkTests.Bar(ink, 52, 2, 36, 59, 1f);
        InkTests.Bar(ink, 38, 30, 14, 5, 1f);
        var piece = InkPiece.From(ink, 0, 0)!;

        var (parts, cuts) = CutFinder.Split(piece, digitHeight: 60, stroke: 5);

        Assert.Contains(cuts, cut => cut.Ink is > 0.5 and < 1.5);
        Assert.Equal(piece.Mass, parts.Sum(part => part.Mass), 1e-3);
        Assert.Contains(parts, part => part.Box.X <= 3 && part.Box.Right is >= 37 and <= 52);
    }

    [Fact]
    public void Join_PartsOfAPiece_GivesThePieceBack()
    {
        var ink = new Plane(31, 23);
        InkTests.Bar(ink, 4, 3, 20, 17, 0.8f);
        var left = InkPiece.From(ink.Crop(new PixelBox(0, 0, 13, 23)), 0, 0)!;
        var right = InkPiece.From(ink.Crop(new PixelBox(13, 0, 18, 23)), 13, 0)!;

        var joined = InkPiece.Join([left, right]);

        Assert.Equal(new PixelBox(4, 3, 20, 17), joined.Box);
        Assert.Equal(20 * 17 * 0.8, joined.Mass, 1e-3);
        Assert.Equal(0.8f, joined.Ink[10, 9]);
    }
}

using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Tests.Preprocessing;

public class CutFinderTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("o", 1)]
    [InlineData("8", 2)]
    [InlineData("oo", 2)]
    [InlineData("c", 0)]
    public void Loops_Rings_AreCountedAndOpenOnesAreNot(string shapes, int loops)
    {
        var ink = new Plane(113, 91);
        for (var i = 0; i < shapes.Length; i++)
        {
            var left = 7 + (50 * i);
            Ring(ink, left, 5, 37, 41);
            if (shapes[i] == '8')
            {
                Ring(ink, left, 40, 37, 43);
            }
            else if (shapes[i] == 'c')
            {
                InkTests.Bar(ink, left + 30, 20, 9, 12, 0f);
            }
        }

        Assert.Equal(loops, InkLoops.Find(ink).Count);
    }

    [Fact]
    public void Loops_CrossedByAPath_AreThoseItGoesThrough()
    {
        var ink = new Plane(61, 97);
        Ring(ink, 10, 4, 31, 43);
        Ring(ink, 10, 41, 31, 49);
        var loops = InkLoops.Find(ink);

        Assert.Equal(2, loops.Crossed(Enumerable.Repeat(25, 97).ToArray()));
        Assert.Equal(0, loops.Crossed(Enumerable.Repeat(5, 97).ToArray()));
        Assert.Equal(1, loops.Crossed([.. Enumerable.Repeat(25, 30), .. Enumerable.Repeat(5, 67)]));
    }

    [Fact]
    public void Split_TwoRingsThatTouch_SaysWhichCutsOpenALoop()
    {
        var ink = new Plane(101, 67);
        Ring(ink, 4, 3, 40, 60);
        Ring(ink, 52, 3, 40, 60);
        InkTests.Bar(ink, 44, 30, 8, 6, 1f);
        var piece = InkPiece.From(ink, 0, 0)!;

        var (parts, cuts) = CutFinder.Split(piece, digitHeight: 60, stroke: 6);

        Assert.Equal(parts.Count - 1, cuts.Count);
        var between = parts.FindIndex(part => part.Box.Right is >= 44 and <= 52);
        Assert.True(between >= 0, string.Join(' ', parts.Select(part => part.Box)));
        Assert.Equal(0, cuts[between].Loops);
        Assert.All(cuts.Where((_, i) => i != between && parts[i].Box.Right is > 14 and < 40 or > 56 and < 82), cut => Assert.Equal((1, 2), (cut.Loops, cut.Crossings)));
    }

    [Fact]
    public void Split_ZerosWithAWallInCommon_PartsThemAlongItAndLeavesBothClosed()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = SeededRandom.OfItem(seed, 0);
            var (width, height, stroke) = (random.Between(26, 44), random.Between(44, 62), random.Between(4, 8));
            var ink = new Plane(190, 80);
            var left = random.Between(8, 14) + (width / 2);
            var count = 2 + (seed % 2);
            for (var i = 0; i < count; i++)
            {
                // The walls lie upon one another by a half to all of their thickness.
                Oval(ink, left, 40 + random.Between(-3, 3), width, height, stroke);
                left += width - (stroke * random.Between(0.5f, 1));
            }

            var piece = InkPiece.From(ink, 0, 0)!;

            var (parts, cuts) = CutFinder.Split(piece, digitHeight: height, stroke: stroke);

            var along = cuts.FindAll(cut => cut.Wall > 0.1 && cut.Loops == 0);
            Assert.True(along.Count == count - 1, $"{seed}: {string.Join("; ", cuts)}");
            var from = 0;
            for (var i = 0; i < parts.Count; i++)
            {
                if (i == cuts.Count || along.Contains(cuts[i]))
                {
                    Assert.Equal((seed, 1), (seed, InkLoops.Find(InkPiece.Join(parts[from..(i + 1)]).Ink).Count));
                    from = i + 1;
                }
            }
        }
    }

    [Fact]
    public void Split_AnEightOrAZero_HasNoWallToBePartedAlong()
    {
        var ink = new Plane(61, 97);
        Ring(ink, 10, 4, 41, 43);
        Ring(ink, 10, 41, 41, 49);

        Assert.All(CutFinder.Split(InkPiece.From(ink, 0, 0)!, digitHeight: 60, stroke: 6).Cuts, cut => Assert.Equal(0, cut.Wall));
    }

    /// <summary>An oval's rim, with soft edges.</summary>
    private static void Oval(Plane ink, float x, float y, float width, float height, float stroke)
    {
        for (var row = 0; row < ink.Height; row++)
        {
            for (var column = 0; column < ink.Width; column++)
            {
                var (dx, dy) = (2 * (column - x) / (width - stroke), 2 * (row - y) / (height - stroke));
                var radius = MathF.Sqrt((dx * dx) + (dy * dy));
                var slope = radius == 0 ? 1 : MathF.Sqrt(MathF.Pow(2 * dx / (width - stroke), 2) + MathF.Pow(2 * dy / (height - stroke), 2)) / radius;
                var value = Math.Clamp((stroke / 2) - (MathF.Abs(radius - 1) / slope) + 0.5f, 0f, 1f);
                ink.Row(row)[column] = Math.Max(ink[column, row], value);
            }
        }
    }

    /// <summary>A level ring with strokes of six pixels.</summary>
    private static void Ring(Plane ink, int x, int y, int width, int height)
    {
        InkTests.Bar(ink, x, y, width, 6, 1f);
        InkTests.Bar(ink, x, y + height - 6, width, 6, 1f);
        InkTests.Bar(ink, x, y, 6, height, 1f);
        InkTests.Bar(ink, x + width - 6, y, 6, height, 1f);
    }
}

using DigitML.Data;
using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Tests.Synthesis;

public class InkShapeTests
{
    [Fact]
    public void Draw_AnyShapeAtAnySize_FillsTheBoxAskedFor()
    {
        var digits = SyntheticDigits.Create(20, seed: 473);
        var random = SeededRandom.OfItem(474, 0);
        for (var i = 0; i < 40; i++)
        {
            InkShape shape = (i % 4) switch
            {
                0 => NotDigits.Glyph(random),
                1 => NotDigits.Scribble(random),
                2 => Writer.LoopedTwo(random),
                _ => (Pen.Any(random) with { Width = i % 8 == 3 ? 0.1f : null }).Write(digits.Image(i / 2), random),
            };
            foreach (var height in new[] { 23f, 91f })
            {
                var canvas = new Plane((int)(height * shape.AspectRatio) + 13, (int)height + 13);
                shape.Draw(canvas, 6, 6, height);
                var box = canvas.BoxAbove(0.02f)!.Value;

                // A pixel for smooth edges, and another where ink thinner than a pixel is too faint to count.
                Assert.InRange(box.X, 4, 8);
                Assert.InRange(box.Y, 4, 8);
                Assert.InRange(box.Bottom, 4 + (int)height, 8 + (int)height);
                Assert.InRange(box.Right, 4 + (int)(height * shape.AspectRatio), 8 + (int)(height * shape.AspectRatio));
            }
        }
    }

    [Fact]
    public void Draw_StrokesOfOneWay_AreTheSameInkSmoothAndBilevel()
    {
        var strokes = Writer.Write(8, SeededRandom.OfItem(475, 3));

        var bilevel = strokes.DrawBilevel(57);
        var smooth = new Plane(bilevel.Width, bilevel.Height);
        strokes.Draw(smooth, 1, 1, BoxHeight(strokes, 57));

        Assert.All(bilevel.Values, value => Assert.True(value is 0 or 1));

        // The nearest of the outline's pixels apart, half covered is inked.
        var apart = bilevel.Values.Zip(smooth.Values).Count(pair => pair.First > 0.5f != pair.Second > 0.5f);
        Assert.InRange(apart, 0, bilevel.Values.Length / 200);
    }

    [Fact]
    public void Trace_AStroke_GoesThroughItsPointsAndTurnsSharplyAtCornersAlone()
    {
        var round = PenStrokes.Trace([new(0, 0), new(1, 0), new(1, 1)], 4);
        var sharp = PenStrokes.Trace([new(0, 0), new(1, 0, IsCorner: true), new(1, 1)], 4);

        Assert.Equal(9, round.Length);
        Assert.Equal([new PenPoint(0, 0), new PenPoint(1, 0), new PenPoint(1, 1)], [round[0], round[4], round[8]]);
        Assert.All(sharp[..5], point => Assert.Equal(0, point.Y, 1e-6));
        Assert.All(sharp[4..], point => Assert.Equal(1, point.X, 1e-6));
        Assert.Contains(round[1..4], point => Math.Abs(point.Y) > 0.02);
    }

    [Fact]
    public void Line_AnyDirection_HasItsAreaAndStrength()
    {
        foreach (var (toX, toY) in new[] { (60.5f, 20.25f), (20.5f, 71.25f), (55.5f, 60.25f) })
        {
            var canvas = new Plane(83, 91);
            PenStrokes.Line(canvas, 20.5f, 20.25f, toX, toY, 5, 0.5f);
            var length = MathF.Sqrt(((toX - 20.5f) * (toX - 20.5f)) + ((toY - 20.25f) * (toY - 20.25f)));

            Assert.Equal(0.5f, canvas.Values.Max());
            Assert.Equal(((5 * length) + (MathF.PI * 6.25f)) / 2, canvas.Values.Sum(), 3f);
        }
    }

    private static float BoxHeight(PenStrokes strokes, float scale)
    {
        var edges = strokes.Strokes.SelectMany(stroke => stroke).Select(point => (Radius: strokes.PenWidth * point.Pressure / 2, point.Y)).ToArray();
        return scale * (edges.Max(edge => edge.Y + edge.Radius) - edges.Min(edge => edge.Y - edge.Radius));
    }
}

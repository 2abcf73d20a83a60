using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Tests.Synthesis;

public class WriterTests
{
    [Fact]
    public void Write_ManyOfEachDigit_StaysNearItsBoxWithinItsPen()
    {
        for (var digit = 0; digit < 10; digit++)
        {
            for (var i = 0; i < 500; i++)
            {
                var written = Writer.Write(digit, SeededRandom.OfItem(471, i));
                Assert.InRange(written.PenWidth, 0.05f, 0.3f);
                Assert.NotEmpty(written.Strokes);
                Assert.All(written.Strokes.SelectMany(stroke => stroke), point =>
                {
                    Assert.InRange(point.X, -2.5f, 2.5f);
                    Assert.InRange(point.Y, -2.5f, 2.5f);
                    Assert.InRange(point.Pressure, 0.5f, 1.5f);
                });
            }
        }
    }

    [Fact]
    public void OfDigit_EveryDigit_HasSeveralStylesOfItsOwn()
    {
        for (var digit = 0; digit < 10; digit++)
        {
            Assert.InRange(DigitStyles.OfDigit[digit].Count, 4, 20);
            Assert.All(DigitStyles.OfDigit[digit], style => Assert.Equal((digit, true), (style.Digit, style.Weight > 0)));
        }
    }

    [Fact]
    public void DigitStyle_PosesOfDifferentPoints_AreRefused()
    {
        Assert.Contains("differ in their points", Assert.Throws<ArgumentException>(() => new DigitStyle(1, 1, "0,0 1,1", "0,0 1,1 2,2")).Message);
        var style = new DigitStyle(4, 1, "-5,0 10,20! 30,40 / 7,8 9,100");
        Assert.Equal([3, 2], style.StrokeLengths);
        Assert.Equal([false, true, false, false, false], style.Poses[0].Select(point => point.IsCorner));
        Assert.Equal(new ControlPoint(-0.05f, 0f), style.Poses[0][0]);
        Assert.Equal(new ControlPoint(0.09f, 1f), style.Poses[0][4]);
    }
}

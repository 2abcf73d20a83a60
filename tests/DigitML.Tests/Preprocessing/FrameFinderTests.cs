using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Reading;
using DigitML.Tests.Reading;

namespace DigitML.Tests.Preprocessing;

/// <summary>Digits on tiles, as plots, slides and scans show them, made by the tests: a seven, a two and a four drawn on each.</summary>
public class FrameFinderTests
{
    private static readonly Lazy<DigitReader> s_reader = new(() => new DigitReader());

    /// <summary>Grey of margin, ground and ink; margins left, top, right and bottom; lines around the tile; ticks and numbers outside.</summary>
    public static TheoryData<string, int[], int[], bool, bool> Plots => new()
    {
        { "imshow of MNIST", [255, 0, 255], [50, 48, 40, 49], false, false },
        { "imshow with axes", [255, 0, 255], [60, 30, 25, 50], true, true },
        { "imshow in viridis", [255, 30, 215], [35, 35, 35, 35], false, false },
        { "imshow reversed, with axes", [255, 255, 0], [60, 30, 25, 50], true, true },
        { "a dark slide", [20, 240, 30], [80, 60, 80, 60], false, false },
        { "margins above and below", [255, 0, 255], [0, 50, 0, 70], false, false },
        { "margins on both sides", [0, 230, 40], [90, 0, 70, 0], false, false },
        { "a strip below", [255, 40, 220], [0, 0, 0, 60], false, false },
        { "a margin left and above", [0, 200, 20], [40, 30, 0, 0], false, false },
        { "grey on grey", [200, 120, 20], [44, 40, 50, 30], false, false },
    };

    [Theory]
    [MemberData(nameof(Plots))]
    public void Read_TileOnAMargin_IsReadWithoutIt(string kind, int[] tones, int[] margins, bool hasLines, bool hasTicks)
    {
        foreach (var digit in new[] { 7, 2, 4 })
        {
            var reading = s_reader.Value.Read(Plot(digit, tones, margins, hasLines, hasTicks));

            Assert.Equal((kind, $"{digit}"), (kind, reading.Text));
            var box = Assert.Single(reading.Digits).Box;
            Assert.True(box.X >= margins[0] && box.Y >= margins[1] && box.Right <= reading.Width - margins[2] && box.Bottom <= reading.Height - margins[3], $"{kind}: {box}");
        }
    }

    [Theory]
    [MemberData(nameof(Plots))]
    public void Find_TileOnAMargin_GivesItsInside(string kind, int[] tones, int[] margins, bool hasLines, bool hasTicks)
    {
        var picture = Plane.From(Plot(7, tones, margins, hasLines, hasTicks));
        var inside = FrameFinder.Find(picture);

        Assert.True(inside.HasValue, kind);

        // Lines of the ground's own tone are ground.
        var line = hasLines && tones[1] > 0 ? 2 : 0;
        var expected = new PixelBox(margins[0] + line, margins[1] + line, picture.Width - margins[0] - margins[2] - (2 * line), picture.Height - margins[1] - margins[3] - (2 * line));
        Assert.Equal((kind, expected), (kind, inside.Value));
    }

    [Fact]
    public void Find_DrawingsOnAPad_AreNoFrames()
    {
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(FrameFinder.Find(Plane.From(PadDigits.Draw(PadDigits.Barred[i % PadDigits.Barred.Length], new Random(400 + i)))));
        }
    }

    [Fact]
    public void Find_LightThatFallsOff_IsNoFrame()
    {
        // Paper that is darker towards one side or corner by 40 to 160 levels, with a digit's worth of ink in two places.
        var random = new Random(31);
        for (var i = 0; i < 60; i++)
        {
            var (width, height) = (random.Next(120, 420), random.Next(120, 420));
            var (angle, fall, light) = (random.NextDouble() * 2 * Math.PI, random.Next(40, 160), random.Next(180, 256));
            var pixels = new byte[width * height];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var along = 0.5 + (((Math.Cos(angle) * ((double)x / width - 0.5)) + (Math.Sin(angle) * ((double)y / height - 0.5))) / Math.Sqrt(2));
                    var isInk = Math.Abs(x - (width / 3)) < 6 && Math.Abs(y - (height / 2)) < height / 5 || Math.Abs(x - (2 * width / 3)) < 5 && Math.Abs(y - (height / 2)) < height / 4;
                    pixels[(y * width) + x] = (byte)(Math.Max(0, light - (fall * along)) * (isInk ? 0.25 : 1));
                }
            }

            var found = FrameFinder.Find(Plane.From(new GreyImage(width, height, pixels)));
            Assert.False(found.HasValue, $"{i}: {width}x{height}, {angle:F2}, {fall}: {found}");
        }
    }

    [Fact]
    public void Find_BlocksBoxesAndTwoTiles_AreNoFrames()
    {
        var sheet = new GreyImage(240, 200, Enumerable.Repeat((byte)255, 240 * 200).ToArray());

        Assert.Null(FrameFinder.Find(Plane.From(sheet)));
        Assert.Null(FrameFinder.Find(Painted((60, 30, 120, 140, 0))));
        Assert.Null(FrameFinder.Find(Painted((60, 30, 120, 140, 0), (90, 60, 60, 80, 255))));
        Assert.Null(FrameFinder.Find(Painted((60, 20, 120, 160, 0), (85, 42, 70, 46, 255), (85, 110, 70, 48, 255))));
        Assert.Null(FrameFinder.Find(Painted((60, 30, 120, 140, 0), (63, 33, 114, 134, 255), (110, 60, 12, 80, 0))));
        Assert.Null(FrameFinder.Find(Painted((10, 50, 100, 100, 0), (40, 70, 20, 60, 255), (130, 50, 100, 100, 0), (160, 70, 20, 60, 255))));
        Assert.Null(FrameFinder.Find(Painted((90, 30, 40, 150, 0))));
    }

    /// <summary>A white sheet with rectangles: left, top, width, height, grey.</summary>
    private static Plane Painted(params (int X, int Y, int Width, int Height, byte Grey)[] boxes)
    {
        var pixels = Enumerable.Repeat((byte)255, 240 * 200).ToArray();
        foreach (var (x, y, width, height, grey) in boxes)
        {
            for (var row = y; row < y + height; row++)
            {
                pixels.AsSpan((row * 240) + x, width).Fill(grey);
            }
        }

        return Plane.From(new GreyImage(240, 200, pixels));
    }

    private static GreyImage Plot(int digit, int[] tones, int[] margins, bool hasLines, bool hasTicks)
    {
        const int Side = 252;
        var tile = PadDigits.Draw(280, 280, digit switch
        {
            7 => [[(90, 80), (190, 84), (120, 210)]],
            2 => [[(85, 105), (105, 78), (150, 70), (180, 92), (172, 130), (92, 205), (195, 202)]],
            _ => [[(120, 70), (85, 150), (190, 150)], [(160, 100), (160, 215)]],
        }, pen: 9);
        var (width, height) = (Side + margins[0] + margins[2], Side + margins[1] + margins[3]);
        var pixels = Enumerable.Repeat((byte)tones[0], width * height).ToArray();
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var ink = 1 - (tile.Pixels[((y + 14) * 280) + x + 14] / 255.0);
                var isLine = hasLines && (Math.Min(x, y) < 2 || Math.Max(x, y) >= Side - 2);
                pixels[((y + margins[1]) * width) + x + margins[0]] = isLine ? (byte)0 : (byte)Math.Round((ink * tones[2]) + ((1 - ink) * tones[1]));
            }
        }

        for (var tick = 4; hasTicks && tick < Side; tick += 45)
        {
            for (var i = 1; i <= 7; i++)
            {
                pixels[((margins[1] + tick) * width) + margins[0] - i] = 0;
                pixels[((margins[1] + Side - 1 + i) * width) + margins[0] + tick] = 0;
            }

            // Numbers beside the ticks: a small one each.
            for (var i = 0; i < 10; i++)
            {
                pixels[((margins[1] + tick - 4 + i) * width) + margins[0] - 14] = 0;
                pixels[((margins[1] + Side + 11 + i) * width) + margins[0] + tick] = 0;
            }
        }

        return new GreyImage(width, height, pixels);
    }
}

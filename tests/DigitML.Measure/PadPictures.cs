using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>Digits of straight strokes on the page's drawing pad: bars dead level and of every width, pens from thin to fat.</summary>
internal static class PadPictures
{
    private const int Width = 560;

    private const int Height = 400;

    private static readonly string[] Drawings =
    [
        "30,0 0,30 0,70 30,100 60,70 60,30 30,0",
        "0,25 25,0 25,100",
        "0,20 15,2 45,2 60,20 55,45 0,100 65,100",
        "0,5 55,5 25,40 55,60 50,90 25,100 0,90",
        "40,0 0,65 65,65 / 45,35 45,100",
        "60,0 5,0 0,42 40,40 60,60 55,90 25,100 0,90",
        "45,0 10,40 0,75 20,100 50,95 55,70 35,55 5,70",
        "0,0 65,0 25,100",
        "30,48 5,30 10,8 30,0 50,8 55,30 30,48 0,70 5,92 30,100 55,92 60,70 30,48",
        "55,30 40,48 10,45 0,25 15,2 45,2 55,20 55,30 50,100",
    ];

    /// <summary>Draws a digit.</summary>
    /// <param name="random">The random numbers.</param>
    public static (Plane Picture, int Label) Make(SeededRandom random)
    {
        const float MostJitter = 0.04f;
        var label = random.Next(Drawings.Length);
        var height = random.Between(0.35f, 0.9f) * Height;
        var aspect = Math.Min(random.LogBetween(0.7f, label is 2 or 5 or 7 ? 2.6f : 1.5f), 0.9f * Width / (0.65f * height));
        var jitter = random.Between(0, MostJitter);
        var strokes = Array.ConvertAll(PenStrokes.Parse(Drawings[label]), stroke => Array.ConvertAll(stroke, point => Placed(point)));
        var pen = random.LogBetween(6, 44);
        var canvas = new Plane(Width, Height);
        var (left, right) = (strokes.Min(stroke => stroke.Min(point => point.X)), strokes.Max(stroke => stroke.Max(point => point.X)));
        var x = (pen / 2) + (random.NextSingle() * Math.Max(0, Width - pen - right + left)) - left;
        var y = random.NextSingle() * (Height - height - pen) + (pen / 2);
        foreach (var stroke in strokes)
        {
            for (var i = 1; i < stroke.Length; i++)
            {
                PenStrokes.Line(canvas, x + stroke[i - 1].X, y + stroke[i - 1].Y, x + stroke[i].X, y + stroke[i].Y, pen);
            }
        }

        return (canvas.Inverted(), label);

        // What is level in the drawing stays level: points are moved along their rows alone.
        (float X, float Y) Placed(ControlPoint point) => ((point.X + random.Between(-jitter, jitter)) * aspect * height, point.Y * height);
    }
}

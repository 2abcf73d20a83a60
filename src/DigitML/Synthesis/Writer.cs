using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Writes digits: takes a style, bends it as hands do, and gives the pen's way.</summary>
/// <remarks>
/// How much each thing varies was chosen by what a network trained on the result makes of MNIST's training images,
/// and so that width, slant and amount of ink come out as they are there. Lengths are in units of the digit's height.
/// </remarks>
internal static class Writer
{
    private const int PiecesPerSpan = 5;

    /// <summary>Writes one digit.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">The random numbers.</param>
    public static PenStrokes Write(int digit, SeededRandom random) => Write(Choose(DigitStyles.OfDigit[digit], random), random);

    /// <summary>Writes a digit in one of the forms that people elsewhere use and MNIST's writers did not.</summary>
    /// <param name="random">The random numbers.</param>
    public static (PenStrokes Strokes, int Digit) WriteRareForm(SeededRandom random)
    {
        var style = Choose(DigitStyles.Rare, random);
        return (Write(style, random), style.Digit);
    }

    private static PenStrokes Write(DigitStyle style, SeededRandom random)
    {
        var points = Blend(style, random);
        LoosenEnds(points, style.StrokeLengths, random);
        Warp(points, random);
        Bend(points, random);

        var strokes = new PenPoint[style.StrokeLengths.Length][];
        var start = 0;
        var pressure = random.Between(0.8f, 1.2f);
        for (var i = 0; i < strokes.Length; i++)
        {
            var length = style.StrokeLengths[i];
            strokes[i] = Trace(points.AsSpan(start, length), pressure, random);
            start += length;
        }

        var penWidth = Math.Clamp(0.155f + 0.045f * random.NextIrwinHall(), 0.05f, 0.3f);
        return new PenStrokes(strokes, penWidth, ChooseNib(random));
    }

    /// <summary>Writes a one whose flag is long or short, with a base or without.</summary>
    public static PenStrokes FlaggedOne(SeededRandom random)
    {
        var slant = random.Between(-0.1f, 0.35f);
        var top = new ControlPoint(0.5f + (slant / 2), 0f, IsCorner: true);
        var foot = new ControlPoint(0.5f - (slant / 2), 1f);
        var flag = new ControlPoint(top.X - random.Between(0.12f, 0.42f), random.Between(0.12f, 0.48f));
        var strokes = new List<PenPoint[]> { PenStrokes.Trace([flag, top, foot], 1) };
        if (random.Chance(0.25))
        {
            var half = random.Between(0.12f, 0.3f);
            strokes.Add([new(foot.X - half, 1f), new(foot.X + half, 1f + random.Between(-0.04f, 0.04f))]);
        }

        return new PenStrokes([.. strokes], random.LogBetween(0.02f, 0.16f), PenNib.Round);
    }

    /// <summary>Writes a two whose head is a closed loop, or nearly, on a straight base.</summary>
    public static PenStrokes LoopedTwo(SeededRandom random)
    {
        float Near(float place) => place + random.Between(-0.05f, 0.05f);
        var slant = random.Between(-0.1f, 0.25f);
        var start = random.Between(0.45f, 0.72f);
        var neck = Near(0.42f);
        var foot = new ControlPoint(Near(0.1f), Near(0.97f), IsCorner: true);
        ControlPoint[] points =
        [
            new(start, neck), new(Near(0.32f), neck + random.Between(-0.03f, 0.03f)), new(Near(0.16f), Near(0.26f)), new(Near(0.32f), Near(0.06f)),
            new(Near(0.58f), Near(0.03f)), new(Near(0.72f), Near(0.2f)), new(Near(0.62f), neck), new(Near(0.34f), Near(0.72f)), foot,
            new(random.Between(0.6f, 0.95f), foot.Y + random.Between(-0.06f, 0.08f)),
        ];
        foreach (ref var point in points.AsSpan())
        {
            point.X += slant * (0.5f - point.Y);
        }

        return new PenStrokes([PenStrokes.Trace(points, 12)], random.LogBetween(0.02f, 0.16f), PenNib.Round);
    }

    private static DigitStyle Choose(IReadOnlyList<DigitStyle> styles, SeededRandom random)
    {
        var rest = random.NextSingle() * styles.Sum(style => style.Weight);
        foreach (var style in styles)
        {
            rest -= style.Weight;
            if (rest < 0)
            {
                return style;
            }
        }

        return styles[^1];
    }

    /// <summary>A random blend of the style's poses, a little beyond them too, with every point shifted a little.</summary>
    private static ControlPoint[] Blend(DigitStyle style, SeededRandom random)
    {
        var shares = new float[style.Poses.Length];
        var sum = 0f;
        for (var i = 0; i < shares.Length; i++)
        {
            sum += shares[i] = random.Between(-0.15f, 1f);
        }

        // What is missing to one, or too much, is taken evenly, so that the poses' mean stays the digits' mean.
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] += (1 - sum) / shares.Length;
        }

        var jitter = random.Between(0.01f, 0.085f);
        var points = new ControlPoint[style.Poses[0].Length];
        for (var i = 0; i < points.Length; i++)
        {
            float x = 0, y = 0;
            for (var pose = 0; pose < shares.Length; pose++)
            {
                x += shares[pose] * style.Poses[pose][i].X;
                y += shares[pose] * style.Poses[pose][i].Y;
            }

            points[i] = new ControlPoint(x + jitter * random.NextIrwinHall(), y + jitter * random.NextIrwinHall(), style.Poses[0][i].IsCorner);
        }

        return points;
    }

    /// <summary>Lets strokes start and end sooner or later than the style says, and sets each a little off its place.</summary>
    private static void LoosenEnds(Span<ControlPoint> points, int[] strokeLengths, SeededRandom random)
    {
        const float EndDeviation = 0.2f;
        const float StrokeDeviation = 0.02f;
        foreach (var length in strokeLengths)
        {
            var stroke = points[..length];
            points = points[length..];
            stroke[0] = Beyond(stroke[1], stroke[0], EndDeviation * random.NextIrwinHall());
            stroke[^1] = Beyond(stroke[^2], stroke[^1], EndDeviation * random.NextIrwinHall());
            float offsetX = StrokeDeviation * random.NextIrwinHall(), offsetY = StrokeDeviation * random.NextIrwinHall();
            foreach (ref var point in stroke)
            {
                point.X += offsetX;
                point.Y += offsetY;
            }
        }
    }

    private static ControlPoint Beyond(ControlPoint from, ControlPoint to, float share) =>
        to with { X = to.X + share * (to.X - from.X), Y = to.Y + share * (to.Y - from.Y) };

    /// <summary>Free-form deformation (Sederberg and Parry 1986): moves parts of the digit against each other, smoothly.</summary>
    private static void Warp(Span<ControlPoint> points, SeededRandom random)
    {
        const int Side = 4;
        const float Width = 0.68f;
        var deviation = random.Between(0.04f, 0.18f);
        Span<float> moves = stackalloc float[2 * Side * Side];
        foreach (ref var move in moves)
        {
            move = deviation * random.NextIrwinHall();
        }

        Span<float> across = stackalloc float[Side];
        Span<float> down = stackalloc float[Side];
        foreach (ref var point in points)
        {
            Bernstein(Math.Clamp(point.X / Width, 0f, 1f), across);
            Bernstein(Math.Clamp(point.Y, 0f, 1f), down);
            for (var i = 0; i < Side * Side; i++)
            {
                var weight = across[i % Side] * down[i / Side];
                point.X += weight * moves[2 * i];
                point.Y += weight * moves[2 * i + 1];
            }
        }
    }

    private static void Bernstein(float t, Span<float> weights)
    {
        var s = 1 - t;
        weights[0] = s * s * s;
        weights[1] = 3 * s * s * t;
        weights[2] = 3 * s * t * t;
        weights[3] = t * t * t;
    }

    /// <summary>Bends the whole digit: quadratic curvature, uneven halves, width, slant and rotation.</summary>
    private static void Bend(ControlPoint[] points, SeededRandom random)
    {
        const float CentreX = 0.33f;
        const float CentreY = 0.5f;
        var widthScale = 1.08f + 0.14f * random.NextIrwinHall();
        widthScale *= widthScale;
        var slant = 0.12f + 0.25f * random.NextIrwinHall();
        var turn = 0.12f * random.NextIrwinHall();
        var bow = 0.12f * random.NextIrwinHall();
        var sag = 0.12f * random.NextIrwinHall();
        var upperWidth = 0.18f * random.NextIrwinHall();
        var upperHeight = 0.18f * random.NextIrwinHall();
        var lean = 0.1f * random.NextIrwinHall();
        var rise = 0.12f * random.NextIrwinHall();
        var norm = 1 / MathF.Sqrt(1 + turn * turn);
        for (var i = 0; i < points.Length; i++)
        {
            var x = points[i].X - CentreX;
            var y = points[i].Y - CentreY;
            var bentX = x * (1 + upperWidth * y * 2) + bow * (y * y - 0.08f) + lean * x * x;
            var bentY = y + upperHeight * (y * y - 0.25f) + sag * (x * x - 0.05f);
            bentY += rise * bentX;
            bentX = bentX * widthScale - slant * bentY;
            (points[i].X, points[i].Y) = ((bentX - turn * bentY) * norm, (bentY + turn * bentX) * norm);
        }
    }

    /// <summary>The pen's way through a stroke's points, by a hand that trembles and presses more at one end than at the other.</summary>
    private static PenPoint[] Trace(ReadOnlySpan<ControlPoint> points, float startPressure, SeededRandom random)
    {
        var trace = PenStrokes.Trace(points, PiecesPerSpan);
        var endPressure = 2 - startPressure;
        var tremor = random.Between(0, 0.006f);
        for (var i = 0; i < trace.Length; i++)
        {
            var span = Math.Max(0, i - 1) / PiecesPerSpan;
            var along = (span + (float)(i - (span * PiecesPerSpan)) / PiecesPerSpan) / (points.Length - 1);
            trace[i] = new PenPoint(
                trace[i].X + tremor * random.NextIrwinHall(),
                trace[i].Y + tremor * random.NextIrwinHall(),
                startPressure + (endPressure - startPressure) * along + 0.05f * random.NextIrwinHall());
        }

        return trace;
    }

    private static PenNib ChooseNib(SeededRandom random)
    {
        // A flat nib held at some angle: thinner across one direction.
        var flatness = random.Between(0, 0.8f);
        var (x, y) = (random.Between(-1, 1), random.Between(-1, 1));
        var scale = flatness / Math.Max(x * x + y * y, 0.1f);
        return new PenNib(1 + scale * x * x, scale * x * y, 1 + scale * y * y);
    }
}

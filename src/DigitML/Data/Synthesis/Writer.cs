namespace DigitML.Data.Synthesis;

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
    /// <param name="random">All chance comes from here.</param>
    public static WrittenDigit Write(int digit, ref PenRandom random)
    {
        var style = Choose(DigitStyles.OfDigit[digit], ref random);
        var points = Blend(style, ref random);
        LoosenEnds(points, style.StrokeLengths, ref random);
        Warp(points, ref random);
        Bend(points, ref random);

        var strokes = new PenPoint[style.StrokeLengths.Length][];
        var start = 0;
        var pressure = random.Between(0.8f, 1.2f);
        for (var i = 0; i < strokes.Length; i++)
        {
            var length = style.StrokeLengths[i];
            strokes[i] = Trace(points.AsSpan(start, length), style.Corners.AsSpan(start, length), pressure, ref random);
            start += length;
        }

        var penWidth = Math.Clamp(0.155f + 0.045f * random.Normal(), 0.05f, 0.3f);
        return new WrittenDigit(digit, strokes, penWidth, ChooseNib(ref random));
    }

    private static DigitStyle Choose(IReadOnlyList<DigitStyle> styles, ref PenRandom random)
    {
        var rest = random.Uniform() * styles.Sum(style => style.Weight);
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
    private static (float X, float Y)[] Blend(DigitStyle style, ref PenRandom random)
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
        var points = new (float X, float Y)[style.Corners.Length];
        for (var i = 0; i < points.Length; i++)
        {
            float x = 0, y = 0;
            for (var pose = 0; pose < shares.Length; pose++)
            {
                x += shares[pose] * style.Poses[pose][i].X;
                y += shares[pose] * style.Poses[pose][i].Y;
            }

            points[i] = (x + jitter * random.Normal(), y + jitter * random.Normal());
        }

        return points;
    }

    /// <summary>Lets strokes start and end sooner or later than the style says, and sets each a little off its place.</summary>
    private static void LoosenEnds(Span<(float X, float Y)> points, int[] strokeLengths, ref PenRandom random)
    {
        const float EndDeviation = 0.2f;
        const float StrokeDeviation = 0.02f;
        foreach (var length in strokeLengths)
        {
            var stroke = points[..length];
            points = points[length..];
            stroke[0] = Beyond(stroke[1], stroke[0], EndDeviation * random.Normal());
            stroke[^1] = Beyond(stroke[^2], stroke[^1], EndDeviation * random.Normal());
            float offsetX = StrokeDeviation * random.Normal(), offsetY = StrokeDeviation * random.Normal();
            foreach (ref var point in stroke)
            {
                point = (point.X + offsetX, point.Y + offsetY);
            }
        }
    }

    private static (float X, float Y) Beyond((float X, float Y) from, (float X, float Y) to, float share) =>
        (to.X + share * (to.X - from.X), to.Y + share * (to.Y - from.Y));

    /// <summary>Free-form deformation (Sederberg and Parry 1986): moves parts of the digit against each other, smoothly.</summary>
    private static void Warp(Span<(float X, float Y)> points, ref PenRandom random)
    {
        const int Side = 4;
        const float Width = 0.68f;
        var deviation = random.Between(0.04f, 0.18f);
        Span<float> moves = stackalloc float[2 * Side * Side];
        foreach (ref var move in moves)
        {
            move = deviation * random.Normal();
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
    private static void Bend((float X, float Y)[] points, ref PenRandom random)
    {
        const float CentreX = 0.33f;
        const float CentreY = 0.5f;
        var widthScale = 1.08f + 0.14f * random.Normal();
        widthScale *= widthScale;
        var slant = 0.12f + 0.25f * random.Normal();
        var turn = 0.12f * random.Normal();
        var bow = 0.12f * random.Normal();
        var sag = 0.12f * random.Normal();
        var upperWidth = 0.18f * random.Normal();
        var upperHeight = 0.18f * random.Normal();
        var lean = 0.1f * random.Normal();
        var rise = 0.12f * random.Normal();
        var norm = 1 / MathF.Sqrt(1 + turn * turn);
        for (var i = 0; i < points.Length; i++)
        {
            var x = points[i].X - CentreX;
            var y = points[i].Y - CentreY;
            var bentX = x * (1 + upperWidth * y * 2) + bow * (y * y - 0.08f) + lean * x * x;
            var bentY = y + upperHeight * (y * y - 0.25f) + sag * (x * x - 0.05f);
            bentY += rise * bentX;
            bentX = bentX * widthScale - slant * bentY;
            points[i] = ((bentX - turn * bentY) * norm, (bentY + turn * bentX) * norm);
        }
    }

    /// <summary>The pen's way through a stroke's points: a Catmull–Rom spline, broken at corners.</summary>
    private static PenPoint[] Trace(ReadOnlySpan<(float X, float Y)> points, ReadOnlySpan<bool> corners, float startPressure, ref PenRandom random)
    {
        var trace = new PenPoint[(points.Length - 1) * PiecesPerSpan + 1];
        var endPressure = 2 - startPressure;
        var tremor = random.Between(0, 0.006f);
        var count = 0;
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var from = points[i];
            var to = points[i + 1];
            var before = i == 0 || corners[i] ? Mirror(to, from) : points[i - 1];
            var after = i + 2 == points.Length || corners[i + 1] ? Mirror(from, to) : points[i + 2];
            for (var piece = i == 0 ? 0 : 1; piece <= PiecesPerSpan; piece++)
            {
                var t = (float)piece / PiecesPerSpan;
                var along = (i + t) / (points.Length - 1);
                trace[count++] = new PenPoint(
                    CatmullRom(before.X, from.X, to.X, after.X, t) + tremor * random.Normal(),
                    CatmullRom(before.Y, from.Y, to.Y, after.Y, t) + tremor * random.Normal(),
                    startPressure + (endPressure - startPressure) * along + 0.05f * random.Normal());
            }
        }

        return trace;
    }

    private static (float X, float Y) Mirror((float X, float Y) point, (float X, float Y) centre) =>
        (2 * centre.X - point.X, 2 * centre.Y - point.Y);

    /// <summary>Catmull and Rom 1974, uniform, tension ½: from <paramref name="b"/> at 0 to <paramref name="c"/> at 1.</summary>
    private static float CatmullRom(float a, float b, float c, float d, float t) =>
        b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

    private static PenNib ChooseNib(ref PenRandom random)
    {
        // A flat nib held at some angle: thinner across one direction.
        var flatness = random.Between(0, 0.8f);
        var (x, y) = (random.Between(-1, 1), random.Between(-1, 1));
        var scale = flatness / Math.Max(x * x + y * y, 0.1f);
        return new PenNib(1 + scale * x * x, scale * x * y, 1 + scale * y * y);
    }
}

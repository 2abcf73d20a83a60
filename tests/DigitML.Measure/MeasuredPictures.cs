using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>Kinds of pictures of one digit that no network is trained on.</summary>
internal static class MeasuredPictures
{
    private static readonly Dictionary<string, Func<DigitCanvas, Plane>> Makers = new()
    {
        ["photo-squared"] = canvas => SinglePictures.Photo(canvas, canvas.Random.Chance(0.8) ? Print.Squared : Print.Dotted),
        ["photo-shadow"] = Shadowed,
        ["photo-far"] = Far,
        ["blurred-28"] = canvas => Camera.MotionBlur(Framed(canvas), canvas.Random.Between(3, 9), canvas.Random.Between(0, MathF.PI)),
        ["crossed-28"] = Crossed,
        ["chalk"] = Chalk,
        ["receipt"] = Receipt,
        ["cutout"] = Cutout,
        ["pencil-sketch"] = PencilSketch,
    };

    /// <summary>The kinds that rules may be tuned on.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["photo-squared", "photo-shadow", "photo-far", "blurred-28", "crossed-28"];

    /// <summary>The kinds that no rule is tuned on either: they show whether rules hold for digits in general.</summary>
    public static IReadOnlyList<string> HeldBack { get; } = [.. Makers.Keys.Except(Kinds)];

    /// <summary>Makes a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/> or <see cref="HeldBack"/>.</param>
    /// <param name="source">Where the digit comes from, and the random numbers.</param>
    public static Scene Make(string kind, DigitSource source) => SinglePictures.Make(Makers[kind], source);

    private static Plane Shadowed(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = canvas.Side(80, 360);
        var height = (int)(width * random.Between(0.75f, 1.33f));
        var share = random.Between(0.3f, 0.9f);
        var coverage = canvas.Place(SinglePictures.AnyPen(random), width, height, share);
        var paper = Paper.Sheet(width, height, random.Between(0.7f, 0.98f), random.Between(0.01f, 0.05f), random);
        SinglePictures.Ink(paper, coverage, random.Between(0.55f, 0.95f), 0f, random);
        Shadow(paper, random.Between(0.25f, 0.6f), random.Between(0.05f, 0.5f), random);
        Light.Gradient(paper, random.Between(0f, 0.3f), random.Between(0f, 6.3f));
        return SinglePictures.Take(paper, share * Math.Min(width, height), random);
    }

    /// <summary>MNIST's own frame.</summary>
    private static Plane Framed(DigitCanvas canvas)
    {
        canvas.IsLightOnDark = true;
        return Plane.From(new GreyImage(28, 28, canvas.Digit));
    }

    private static Plane Crossed(DigitCanvas canvas)
    {
        var frame = Framed(canvas);
        Wear.AddZigzag(frame, canvas.Random);
        return frame;
    }

    private static Plane Far(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = random.Next(700, 1500);
        var height = (int)(width * random.Between(0.6f, 1.2f));
        var share = random.LogBetween(0.025f, 0.15f);
        var coverage = canvas.Place(SinglePictures.AnyPen(random), width, height, share);
        var paper = Paper.Sheet(width, height, random.Between(0.6f, 0.98f), random.Between(0.01f, 0.04f), random);
        SinglePictures.Ink(paper, coverage, random.Between(0.6f, 0.95f), 0f, random);
        Light.Gradient(paper, random.Between(0f, 0.5f), random.Between(0f, 6.3f));
        Light.Vignette(paper, random.Between(0f, 0.4f));
        paper = Camera.Blur(paper, random.Between(0.3f, 1.2f));
        Camera.Noise(paper, random.Between(0f, 0.03f), random);
        JpegLoss.Apply(paper, random.Next(50, 96));
        return paper;
    }

    /// <summary>Light, grainy strokes on a dark, wiped board.</summary>
    private static Plane Chalk(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.LogBetween(100, 500);
        var height = (int)(width * random.Between(0.7f, 1.2f));
        var coverage = canvas.Place(Pen.Any(random) with { Width = random.Between(0.05f, 0.12f) }, width, height, random.Between(0.35f, 0.85f));
        canvas.IsLightOnDark = true;
        var board = Paper.Sheet(width, height, random.Between(0.15f, 0.35f), 0.25f, random);
        for (var i = 0; i < board.Values.Length; i++)
        {
            var grain = random.Between(0.45f, 1f);
            board.Values[i] += (0.9f - board.Values[i]) * coverage.Values[i] * grain;
        }

        Light.Gradient(board, random.Between(0f, 0.3f), random.Between(0f, 6.3f));
        JpegLoss.Apply(board, random.Next(50, 90));
        return board;
    }

    /// <summary>Faint grey on greyish thermal paper, streaked along the feed.</summary>
    private static Plane Receipt(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = random.Next(50, 160);
        var height = (int)(width * random.Between(1f, 1.4f));
        var coverage = canvas.Place(Pen.Any(random), width, height, random.Between(0.4f, 0.85f));
        var paper = Paper.Sheet(width, height, random.Between(0.7f, 0.85f), 0.03f, random);
        for (var x = 0; x < width; x++)
        {
            var streak = 1f - (0.05f * random.NextSingle());
            for (var y = 0; y < height; y++)
            {
                paper.Values[(y * width) + x] *= streak;
            }
        }

        SinglePictures.Ink(paper, coverage, random.Between(0.25f, 0.45f), 0.3f, random);
        paper = Camera.Blur(paper, random.Between(0.4f, 1f));
        Camera.Noise(paper, 0.015f, random);
        return paper;
    }

    /// <summary>Cut from a page: the ends of neighbours at the sides, stains, brown ink.</summary>
    private static Plane Cutout(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.LogBetween(40, 160);
        var height = (int)(width * random.Between(1f, 1.5f));
        var coverage = new Plane(width, height);
        var shape = Pen.Any(random).Write(canvas.Digit, random);
        var tall = height * random.Between(0.6f, 0.85f);
        var wide = tall * shape.AspectRatio;
        if (wide > width * 0.75f)
        {
            (tall, wide) = (tall * width * 0.75f / wide, width * 0.75f);
        }

        shape.Draw(coverage, (width - wide) * random.Between(0.35f, 0.65f), (height - tall) * random.NextSingle(), tall);
        canvas.Coverage = new Plane(width, height, (float[])coverage.Values.Clone());
        var neighbour = Pen.Any(random).Write(canvas.Digit, random);
        var reach = width * random.Between(0.02f, 0.09f);
        if (random.Chance(0.5))
        {
            neighbour.Draw(coverage, width - reach, (height - tall) / 2, tall * 0.9f);
        }
        else
        {
            neighbour.Draw(coverage, reach - (tall * 0.9f * neighbour.AspectRatio), (height - tall) / 2, tall * 0.9f);
        }

        var paper = Paper.Sheet(width, height, random.Between(0.6f, 0.85f), 0.12f, random);
        SinglePictures.Ink(paper, coverage, random.Between(0.4f, 0.75f), 0.25f, random);
        return SinglePictures.Take(paper, tall, random);
    }

    /// <summary>Several light pencil strokes over each other on rough paper.</summary>
    private static Plane PencilSketch(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.LogBetween(90, 400);
        var height = (int)(width * random.Between(0.8f, 1.25f));
        var pen = Pen.Any(random) with { Width = random.Between(0.02f, 0.04f) };
        var coverage = canvas.Place(pen, width, height, random.Between(0.4f, 0.85f));
        var paper = Paper.Sheet(width, height, random.Between(0.75f, 0.95f), 0.08f, random);
        SinglePictures.Ink(paper, coverage, random.Between(0.35f, 0.6f), 0.7f, random);
        Shadow(paper, random.Between(0.1f, 0.3f), random.Between(0.2f, 0.6f), random);
        JpegLoss.Apply(paper, random.Next(60, 95));
        return paper;
    }

    /// <summary>A shadow with a soft, wavy edge, such as a hand's or a phone's.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="depth">Share of light lost inside.</param>
    /// <param name="softness">Width of the edge as a share of the picture.</param>
    /// <param name="random">The random numbers.</param>
    private static void Shadow(Plane picture, float depth, float softness, SeededRandom random)
    {
        var angle = random.Between(0f, 2f * MathF.PI);
        var offset = random.Between(-0.3f, 0.3f);
        var wave = new NoiseField(random, 3, 3);
        var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));
        Light.Shade(picture, (u, v) =>
        {
            var apart = (cos * (u - 0.5f)) + (sin * (v - 0.5f)) + offset + (0.3f * wave.At(u, v));
            return 1f - (depth * Math.Clamp(0.5f + (apart / softness), 0f, 1f));
        });
    }
}

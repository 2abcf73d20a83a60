using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>Kinds of pictures that no rule is tuned on and no network trained on: they show whether rules hold for digits in general.</summary>
internal static class HeldBackPictures
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["chalk", "receipt", "cutout", "pencil-sketch"];

    /// <summary>Light, grainy strokes on a dark, wiped board.</summary>
    public static Plane Chalk(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.Scale(100, 500);
        var height = (int)(width * random.Between(0.7f, 1.2f));
        var cover = canvas.Place(Pen.Any(random) with { Width = random.Between(0.05f, 0.12f) }, width, height, random.Between(0.35f, 0.85f));
        canvas.IsLightOnDark = true;
        var board = Paper.Sheet(width, height, random.Between(0.15f, 0.35f), 0.25f, random);
        for (var i = 0; i < board.Values.Length; i++)
        {
            var grain = random.Between(0.45f, 1f);
            board.Values[i] += (0.9f - board.Values[i]) * cover.Values[i] * grain;
        }

        Light.Gradient(board, random.Between(0f, 0.3f), random.Between(0f, 6.3f));
        JpegLoss.Apply(board, random.Next(50, 90));
        return board;
    }

    /// <summary>Faint grey on greyish thermal paper, streaked along the feed.</summary>
    public static Plane Receipt(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = random.Next(50, 160);
        var height = (int)(width * random.Between(1f, 1.4f));
        var cover = canvas.Place(Pen.Any(random), width, height, random.Between(0.4f, 0.85f));
        var paper = Paper.Sheet(width, height, random.Between(0.7f, 0.85f), 0.03f, random);
        for (var x = 0; x < width; x++)
        {
            var streak = 1f - (0.05f * random.NextSingle());
            for (var y = 0; y < height; y++)
            {
                paper.Values[(y * width) + x] *= streak;
            }
        }

        SinglePictures.Ink(paper, cover, random.Between(0.25f, 0.45f), 0.3f, random);
        paper = Camera.Blur(paper, random.Between(0.4f, 1f));
        Camera.Noise(paper, 0.015f, random);
        return paper;
    }

    /// <summary>Cut from a page: the ends of neighbours at the sides, stains, brown ink.</summary>
    public static Plane Cutout(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.Scale(40, 160);
        var height = (int)(width * random.Between(1f, 1.5f));
        var cover = new Plane(width, height);
        var shape = Pen.Any(random).Write(canvas.Digit, random);
        var tall = height * random.Between(0.6f, 0.85f);
        var wide = tall * shape.Box.Width / shape.Box.Height;
        if (wide > width * 0.75f)
        {
            (tall, wide) = (tall * width * 0.75f / wide, width * 0.75f);
        }

        shape.Draw(cover, (width - wide) * random.Between(0.35f, 0.65f), (height - tall) * random.NextSingle(), tall);
        canvas.Cover = new Plane(width, height, (float[])cover.Values.Clone());
        var neighbour = Pen.Any(random).Write(canvas.Digit, random);
        var reach = width * random.Between(0.02f, 0.09f);
        if (random.Chance(0.5))
        {
            neighbour.Draw(cover, width - reach, (height - tall) / 2, tall * 0.9f);
        }
        else
        {
            neighbour.Draw(cover, reach - (tall * 0.9f * neighbour.Box.Width / neighbour.Box.Height), (height - tall) / 2, tall * 0.9f);
        }

        var paper = Paper.Sheet(width, height, random.Between(0.6f, 0.85f), 0.12f, random);
        SinglePictures.Ink(paper, cover, random.Between(0.4f, 0.75f), 0.25f, random);
        return SinglePictures.Take(paper, tall, random);
    }

    /// <summary>Several light pencil strokes over each other on rough paper.</summary>
    public static Plane PencilSketch(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = (int)random.Scale(90, 400);
        var height = (int)(width * random.Between(0.8f, 1.25f));
        var pen = Pen.Any(random) with { Width = random.Between(0.02f, 0.04f) };
        var cover = canvas.Place(pen, width, height, random.Between(0.4f, 0.85f));
        var paper = Paper.Sheet(width, height, random.Between(0.75f, 0.95f), 0.08f, random);
        SinglePictures.Ink(paper, cover, random.Between(0.35f, 0.6f), 0.7f, random);
        Light.Shadow(paper, random.Between(0.1f, 0.3f), random.Between(0.2f, 0.6f), random);
        JpegLoss.Apply(paper, random.Next(60, 95));
        return paper;
    }
}

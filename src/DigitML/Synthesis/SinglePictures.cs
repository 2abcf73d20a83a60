using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Pictures of one digit, by the kind of thing that people upload; the kinds that a network may be trained on.</summary>
internal static class SinglePictures
{
    private static readonly Dictionary<string, Func<DigitCanvas, Plane>> Makers = new()
    {
        ["photo-plain"] = canvas => Photo(canvas, Print.None),
        ["photo-ruled"] = canvas => Photo(canvas, Print.Ruled),
        ["phone-threshold"] = Thresholded,
        ["form-box"] = FormBox,
        ["paint-thin"] = canvas => Paint(canvas, canvas.Random.Between(0.006f, 0.03f)),
        ["paint-fat"] = canvas => Paint(canvas, canvas.Random.Between(0.1f, 0.24f)),
        ["icon-28"] = Icon,
        ["postal-16"] = canvas => Filling(canvas, 16, isBilevel: false),
        ["census-8"] = canvas => Filling(canvas, 8, isBilevel: false),
        ["census-32"] = canvas => Filling(canvas, 32, isBilevel: true),
        ["bilevel-16"] = canvas => Filling(canvas, 16, isBilevel: true),
    };

    /// <summary>Share of small grey frames that are counts of a finer picture's ink.</summary>
    private const double CountedShare = 0.5;

    private const int CountedBlock = 4;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Makers.Keys];

    /// <summary>Makes a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="source">Where the digit comes from, and the random numbers.</param>
    /// <param name="mostSide">The longer side is at most this where the kind has no size of its own.</param>
    public static Scene Make(string kind, DigitSource source, int mostSide = int.MaxValue) => Make(Makers[kind], source, mostSide);

    /// <summary>Makes a picture.</summary>
    /// <param name="maker">Draws on the canvas and returns the picture.</param>
    /// <param name="source">Where the digit comes from, and the random numbers.</param>
    /// <param name="mostSide">The longer side is at most this where the maker has no size of its own.</param>
    public static Scene Make(Func<DigitCanvas, Plane> maker, DigitSource source, int mostSide = int.MaxValue)
    {
        var (pixels, label) = source.Next();
        var canvas = new DigitCanvas(pixels, source.Random, mostSide);
        var picture = maker(canvas);
        return new Scene(picture, label, canvas.BoxIn(picture), canvas.IsLightOnDark);
    }

    /// <summary>Puts ink on paper in place: paper · (1 − darkness · coverage), the coverage mottled as a pencil's or an empty pen's.</summary>
    internal static void Ink(Plane paper, Plane coverage, float darkness, float mottle, SeededRandom random)
    {
        for (var i = 0; i < paper.Values.Length; i++)
        {
            var patchy = mottle == 0 ? 1f : 1f - (mottle * random.NextSingle());
            paper.Values[i] *= 1f - (darkness * patchy * coverage.Values[i]);
        }
    }

    /// <summary>Blur, noise, JPEG, as much as a picture of its size stands.</summary>
    internal static Plane Take(Plane scene, float digitHeight, SeededRandom random)
    {
        scene = Camera.Blur(scene, random.Between(0.2f, 0.02f * digitHeight + 0.4f));
        Camera.Noise(scene, random.Between(0f, 0.04f), random);
        if (random.Chance(0.7))
        {
            JpegLoss.Apply(scene, random.Next(30, 96));
        }

        return scene;
    }

    internal static Pen AnyPen(SeededRandom random) => random.Chance(0.35)
        ? Pen.Any(random) with { Width = random.LogBetween(0.025f, 0.16f) }
        : Pen.Any(random);

    internal static Plane Photo(DigitCanvas canvas, Print print)
    {
        var random = canvas.Random;
        var width = canvas.Side(60, 360);
        var height = Math.Max(33, (int)(width * random.Between(0.75f, 1.33f)));
        var share = random.Between(0.3f, 0.92f);
        var coverage = canvas.Place(AnyPen(random), width, height, share);
        var digitHeight = share * Math.Min(width, height);
        var paper = Paper.Sheet(width, height, random.Between(0.6f, 0.98f), random.Between(0.01f, 0.07f), random);
        var thickness = Math.Max(0.7f, digitHeight * random.Between(0.01f, 0.03f));
        Paper.Lines(paper, print, digitHeight * random.Between(0.35f, 1.6f), thickness, random.Between(0.08f, 0.35f), random.Between(-0.08f, 0.08f), random);
        if (random.Chance(0.2))
        {
            ShowThrough(paper, canvas, random);
        }

        Ink(paper, coverage, random.Between(0.45f, 0.95f), random.Chance(0.3) ? random.Between(0.1f, 0.6f) : 0f, random);
        Light.Gradient(paper, random.Between(0f, 0.4f), random.Between(0f, 6.3f));
        Light.Vignette(paper, random.Between(0f, 0.3f));
        return Take(paper, digitHeight, random);
    }

    private static void ShowThrough(Plane paper, DigitCanvas canvas, SeededRandom random)
    {
        var digit = canvas.Digit;
        var mirrored = new byte[digit.Length];
        for (var i = 0; i < mirrored.Length; i++)
        {
            mirrored[i] = digit[(i / 28 * 28) + 27 - (i % 28)];
        }

        var coverage = DigitCanvas.Place(mirrored, Pen.Any(random), paper.Width, paper.Height, random.Between(0.4f, 0.9f), random);
        Ink(paper, Camera.Blur(coverage, 1.5f), random.Between(0.04f, 0.12f), 0f, random);
    }

    private static Plane Thresholded(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var photo = Photo(canvas, random.Chance(0.7) ? Print.None : Print.Ruled);
        Camera.Threshold(photo, Math.Max(4, (int)(Math.Max(photo.Width, photo.Height) * random.Between(0.15f, 0.5f))), random.Between(0.12f, 0.25f));
        Camera.SaltAndPepper(photo, random.Between(0f, 0.01f), random);
        if (random.Chance(0.3))
        {
            CornerBlob(photo, random);
        }

        if (random.Chance(0.3))
        {
            photo = Resampling.Area(photo, Math.Max(24, photo.Width / 2), Math.Max(24, photo.Height / 2));
        }

        canvas.IsLightOnDark = random.Chance(0.4);
        return canvas.IsLightOnDark ? photo.Inverted() : photo;
    }

    /// <summary>What is left of a shadow after thresholding: a black corner.</summary>
    private static void CornerBlob(Plane picture, SeededRandom random)
    {
        var reach = random.Between(0.05f, 0.18f) * Math.Min(picture.Width, picture.Height);
        var (right, bottom) = (random.Chance(0.5), random.Chance(0.5));
        var wave = new NoiseField(random, 6, 6);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var u = right ? picture.Width - 1 - x : x;
                var v = bottom ? picture.Height - 1 - y : y;
                if (u + v < reach * (1 + wave.At(x / (float)picture.Width, y / (float)picture.Height)))
                {
                    picture.Values[(y * picture.Width) + x] = 0f;
                }
            }
        }
    }

    private static Plane FormBox(DigitCanvas canvas)
    {
        var random = canvas.Random;
        var width = canvas.Side(32, 140);
        var height = (int)(width * random.Between(0.9f, 1.4f));
        var share = random.Between(0.45f, 0.8f);
        var coverage = canvas.Place(AnyPen(random), width, height, share);
        var thickness = random.Between(0.8f, 0.04f * width);
        float Edge() => random.Between(-0.04f, 0.07f) * width;
        Paper.Box(coverage, Edge(), Edge(), width - Edge(), height - Edge(), thickness, random.Between(0.4f, 1f));
        var paper = Paper.Sheet(width, height, random.Between(0.8f, 1f), random.Between(0f, 0.04f), random);
        Ink(paper, coverage, random.Between(0.6f, 1f), 0f, random);
        if (random.Chance(0.4))
        {
            Camera.Threshold(paper, width / 2, 0.2f);
            return paper;
        }

        return Take(paper, share * width, random);
    }

    private static Plane Paint(DigitCanvas canvas, float stroke)
    {
        var random = canvas.Random;
        var width = canvas.Side(64, 420);
        var height = random.Chance(0.6) ? width : (int)(width * random.Between(0.75f, 1.33f));
        var share = random.Between(0.35f, 0.9f);
        var longer = share * Math.Min(width, height);
        var pen = Pen.Any(random) with { Width = Math.Max(stroke, 1f / longer) };
        var coverage = canvas.Place(pen, width, height, share);
        if (random.Chance(0.4))
        {
            for (var i = 0; i < coverage.Values.Length; i++)
            {
                coverage.Values[i] = coverage.Values[i] > 0.4f ? 1f : 0f;
            }
        }

        canvas.IsLightOnDark = random.Chance(0.5);
        return canvas.IsLightOnDark ? coverage : coverage.Inverted();
    }

    private static Plane Icon(DigitCanvas canvas)
    {
        var random = canvas.Random;
        // Drawn larger, then resized to 28×28 without MNIST's margins, as people's scripts do.
        var side = random.Next(80, 300);
        var share = random.Between(0.5f, 0.98f);
        var pen = random.Chance(0.5) ? Pen.Any(random) with { Width = random.LogBetween(0.02f, 0.15f) } : Pen.Any(random);
        var coverage = canvas.Place(pen, side, (int)(side * random.Between(0.9f, 1.12f)), share);
        var icon = random.Chance(0.7)
            ? Resampling.Area(coverage, 28, 28)
            : Resampling.Cubic(Resampling.Area(coverage, 20, 20), 28, 28);
        if (random.Chance(0.3))
        {
            Camera.Contrast(icon, random.Between(0f, 0.15f), random.Between(0.5f, 1f));
        }

        canvas.IsLightOnDark = random.Chance(0.5);
        return canvas.IsLightOnDark ? icon : icon.Inverted();
    }

    /// <summary>Size-normalised to touch its frame on all sides or on two, as postal and census sets are.</summary>
    private static Plane Filling(DigitCanvas canvas, int side, bool isBilevel)
    {
        var random = canvas.Random;
        const int Large = 160;
        var shape = (random.Chance(0.3) ? AnyPen(random) : Pen.Any(random, 0.5f)).Write(canvas.Digit, random);
        var tall = new Plane((int)(Large * shape.AspectRatio) + 1, Large);
        shape.Draw(tall, 0, 0, Large);
        Plane frame;
        if (random.Chance(0.4))
        {
            var square = Math.Max(tall.Width, tall.Height);
            frame = tall.Crop(new PixelBox((tall.Width - square) / 2, (tall.Height - square) / 2, square, square));
        }
        else
        {
            // Some sets stretch a digit to its frame whatever its shape, some no more than twice.
            var most = random.Chance(0.5) ? Large : Math.Min(tall.Width * 2, Large);
            var stretched = tall.Width < most ? Resampling.Cubic(tall, most, Large) : Resampling.Area(tall, most, Large);
            frame = stretched.Crop(new PixelBox((most - Large) / 2, 0, Large, Large));
        }

        canvas.Coverage = frame;
        if (random.Chance(CountedShare) && !isBilevel)
        {
            // Counts of a finer picture's ink, block by block: as few grey levels as a block has pixels.
            frame = Bilevel(Resampling.Area(frame, side * CountedBlock, side * CountedBlock));
        }

        frame = Resampling.Area(frame, side, side);
        frame = isBilevel ? Bilevel(frame) : frame;
        canvas.IsLightOnDark = random.Chance(0.5);
        return canvas.IsLightOnDark ? frame : frame.Inverted();
    }

    private static Plane Bilevel(Plane plane) =>
        new(plane.Width, plane.Height, Array.ConvertAll(plane.Values, value => value > 0.5f ? 1f : 0f));
}

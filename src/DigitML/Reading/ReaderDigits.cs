using DigitML.Data;
using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Synthesis;

namespace DigitML.Reading;

/// <summary>
/// Training images as the reader's steps leave them: digits written by other pens and hands, drawn small and large, blurred,
/// ragged, with remains of lines, and put through stroke width and frame; some through made pictures and all of the steps.
/// And ink that is no digit, through the same.
/// </summary>
internal static class ReaderDigits
{
    /// <summary>In place of a label: ink that is no digit.</summary>
    private const byte NotDigitLabel = byte.MaxValue;

    private const int SyntheticWriters = 40_000;

    /// <summary>Share of digits that come out of whole made pictures.</summary>
    private const double PictureShare = 0.2;

    /// <summary>Share of digits taken from synthetic writers: they have forms that MNIST's writers do not use, such as barred sevens.</summary>
    private const double SyntheticShare = 0.12;

    /// <summary>Share of digits in forms that other countries teach.</summary>
    private const double RareShare = 0.15;

    private const int RareForms = 60_000;

    /// <summary>Share of written digits stretched or squeezed, as those that fill a frame are.</summary>
    private const double StretchedShare = 0.25;

    /// <summary>Share of digits that are ones with a flag, long or short, as most of the world writes them and MNIST's writers did not.</summary>
    private const double FlaggedOneShare = 0.03;

    /// <summary>Share of digits that are twos whose head is a loop: few in MNIST, and a nine to who has not seen them.</summary>
    private const double LoopedTwoShare = 0.015;

    /// <summary>Share of digits that were cut out of touching ones.</summary>
    private const double CutShare = 0.15;

    /// <summary>Share of written digits with a bit of the next one beside them.</summary>
    private const double NeighbourShare = 0.08;

    /// <summary>Where the images' random numbers begin in a seed's series: beyond all places that synthetic writers take.</summary>
    private const long FirstImage = 1L << 40;

    private const long FirstRareForm = 1L << 41;

    /// <summary>Makes images.</summary>
    /// <param name="count">How many.</param>
    /// <param name="notDigitShare">Share of images that show no digit; 0 to 1.</param>
    /// <param name="digits">28×28 labelled digits to start from.</param>
    /// <param name="seed">Of the random numbers; the same seed gives the same images at any thread count.</param>
    /// <param name="threads">0 takes one per processor.</param>
    /// <param name="cancellationToken">Ends the making; nothing is returned then.</param>
    /// <returns>The digits, labelled, and what shows none, without labels.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static (LabelledImages Digits, LabelledImages Outliers) Create(int count, double notDigitShare, LabelledImages digits, int seed, int threads = 0, CancellationToken cancellationToken = default)
    {
        var pixels = new byte[count * MnistFrame.Side * MnistFrame.Side];
        var labels = new byte[count];
        var synthetic = SyntheticDigits.Create(SyntheticWriters, seed, threads: threads);
        var rare = RareDigits(seed);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads, CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i =>
        {
            // A generator for each image: what one image draws does not move the next.
            var random = SeededRandom.OfItem(seed, FirstImage + i);
            var draw = random.NextDouble();
            var source = SourceOf(draw < SyntheticShare ? synthetic : draw < SyntheticShare + RareShare ? rare : digits, random);
            var (frame, label) = random.Chance(notDigitShare) ? (NotDigit(source), NotDigitLabel) : Digit(source);
            frame.CopyTo(pixels, i * frame.Length);
            labels[i] = label;
        });
        var made = new LabelledImages("reader digits from " + digits.Name, MnistFrame.Side, MnistFrame.Side, pixels, labels, digits.IsSynthetic);
        var outliers = made.Select([.. Enumerable.Range(0, count).Where(i => labels[i] == NotDigitLabel)]);
        return (
            made.Select([.. Enumerable.Range(0, count).Where(i => labels[i] != NotDigitLabel)]),
            new LabelledImages("no digits from " + digits.Name, MnistFrame.Side, MnistFrame.Side, outliers.PixelMemory, isSynthetic: digits.IsSynthetic));
    }

    /// <summary>Digits in the forms that MNIST's writers did not use, as MNIST would have them.</summary>
    private static LabelledImages RareDigits(int seed)
    {
        const int Pixels = MnistFrame.Side * MnistFrame.Side;
        var pixels = new byte[RareForms * Pixels];
        var labels = new byte[RareForms];
        for (var i = 0; i < RareForms; i++)
        {
            var (digit, label) = RareForm(SeededRandom.OfItem(seed, FirstRareForm + i));
            digit.CopyTo(pixels, i * Pixels);
            labels[i] = (byte)label;
        }

        return new LabelledImages("rare forms", MnistFrame.Side, MnistFrame.Side, pixels, labels, isSynthetic: true);
    }

    /// <summary>One of them.</summary>
    /// <returns>[28, 28], 0 to 255, and the digit.</returns>
    public static (byte[] Pixels, int Label) RareForm(SeededRandom random)
    {
        var (strokes, digit) = Writer.WriteRareForm(random);
        return (MnistFrame.Put(strokes.DrawBilevel(random.Between(20, 56))), digit);
    }

    /// <summary>Draws at random from labelled images of 28×28.</summary>
    public static DigitSource SourceOf(LabelledImages digits, SeededRandom random) =>
        new(digits.Count, i => (digits.Image(i).ToArray(), digits.Label(i)), random);

    private static (byte[] Frame, byte Label) Digit(DigitSource source)
    {
        var random = source.Random;
        if (random.Chance(PictureShare) && FromPicture(source, isDigit: true) is { } made)
        {
            return made;
        }

        if (random.Chance(CutShare) && CutDigits.Make(source) is { } cut)
        {
            return cut;
        }

        if (random.Chance(FlaggedOneShare))
        {
            return (Framed(Writer.FlaggedOne(random), random), 1);
        }

        if (random.Chance(LoopedTwoShare))
        {
            return (Framed(Writer.LoopedTwo(random), random), 2);
        }

        var (pixels, label) = source.Next();
        var pen = random.Chance(0.4) ? Pen.Any(random) with { Width = random.LogBetween(0.02f, 0.2f) } : Pen.Any(random);
        pen = random.Chance(StretchedShare) ? pen.Stretched(pixels, random) : pen;
        var shape = pen.Write(pixels, random);
        return (random.Chance(NeighbourShare) ? WithNeighbour(shape, source) : Framed(shape, random), (byte)label);
    }

    /// <summary>
    /// What the steps make of a picture: of its digit, when they found it where it stands; or of something else that
    /// they took for ink, when they did. Null otherwise.
    /// </summary>
    private static (byte[] Frame, byte Label)? FromPicture(DigitSource source, bool isDigit)
    {
        var random = source.Random;
        var scene = SinglePictures.Make(SinglePictures.Kinds[random.Next(SinglePictures.Kinds.Count)], source, mostSide: 120);
        foreach (var candidate in SingleDigitSearch.Find(scene.Picture))
        {
            var isRightWay = candidate.Ink.Source.IsLightOnDark == scene.IsLightOnDark;
            var overlap = Overlap(candidate.Box, scene.Box);
            if (isDigit ? isRightWay && overlap > 0.75 : !isRightWay || overlap < 0.05)
            {
                return (candidate.Frame, isDigit ? (byte)scene.Label : NotDigitLabel);
            }
        }

        return null;
    }

    private static double Overlap(PixelBox a, PixelBox b)
    {
        var width = Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X));
        var height = Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y));
        var common = (double)width * height;
        return common / (((double)a.Width * a.Height) + ((double)b.Width * b.Height) - common);
    }

    private static byte[] NotDigit(DigitSource source)
    {
        var random = source.Random;
        var draw = random.NextDouble();
        return draw < 0.35 ? Framed(NotDigits.Glyph(random), random)
            : draw < 0.65 ? Framed(NotDigits.Scribble(random), random)
            : draw < 0.76 ? Pair(source)
            : draw < 0.9 ? DigitFragments.Make(source)
            : FromPicture(source, isDigit: false)?.Frame ?? Pair(source);
    }

    /// <summary>A digit with a bit of the next one, as a cut beside the right place leaves it.</summary>
    private static byte[] WithNeighbour(InkShape shape, DigitSource source)
    {
        var random = source.Random;
        var other = Pen.Any(random).Write(source.Next().Pixels, random);
        var height = random.LogBetween(16, 56);
        var width = height * shape.AspectRatio;
        var otherWidth = height * other.AspectRatio;
        var rest = height * random.Between(0.04f, 0.14f);
        var gap = height * random.Between(-0.08f, 0.04f);
        var isRight = random.Chance(0.5);
        var left = isRight ? 2 : 2 + rest;
        var canvas = new Plane((int)Math.Ceiling(width + rest) + 4, (int)Math.Ceiling(height) + 4);
        shape.Draw(canvas, left, 2, height);
        other.Draw(canvas, isRight ? left + width + gap : left - gap - otherWidth, 2, height);
        return DigitFrame.Put(Worn(canvas, height, random));
    }

    /// <summary>Two digits, or one and a half, taken for one.</summary>
    private static byte[] Pair(DigitSource source)
    {
        var random = source.Random;
        var first = Pen.Any(random).Write(source.Next().Pixels, random);
        var second = Pen.Any(random).Write(source.Next().Pixels, random);
        var height = random.LogBetween(16, 56);
        var firstWidth = height * first.AspectRatio;
        var secondHeight = height * random.Between(0.8f, 1.2f);
        var secondWidth = secondHeight * second.AspectRatio;
        var gap = height * random.Between(-0.1f, 0.12f);
        var width = firstWidth + gap + (secondWidth * (random.Chance(0.4) ? random.Between(0.45f, 0.8f) : 1f));
        var canvas = new Plane((int)Math.Ceiling(width) + 4, (int)Math.Ceiling(Math.Max(height, secondHeight)) + 4);
        first.Draw(canvas, 2, 2, height);
        second.Draw(canvas, 2 + firstWidth + gap, 2, secondHeight);
        if (random.Chance(0.2))
        {
            canvas = canvas.MirroredAcross();
        }

        return DigitFrame.Put(Worn(canvas, height, random));
    }

    private static byte[] Framed(InkShape shape, SeededRandom random)
    {
        var height = random.LogBetween(9, 64);
        var width = height * shape.AspectRatio;
        if (width > 70)
        {
            (width, height) = (70, height * 70 / width);
        }

        var canvas = new Plane((int)Math.Ceiling(width) + 4, (int)Math.Ceiling(height) + 4);
        shape.Draw(canvas, 2 + (random.NextSingle() / 2), 2 + (random.NextSingle() / 2), height);
        return DigitFrame.Put(Worn(canvas, Math.Max(width, height), random));
    }

    /// <summary>What paper, camera and the steps before leave on the ink.</summary>
    private static Plane Worn(Plane ink, float size, SeededRandom random)
    {
        if (random.Chance(0.35))
        {
            ink = Camera.Blur(ink, random.Between(0.1f, 0.3f + (0.035f * size)));
        }

        if (random.Chance(0.09))
        {
            ink = Camera.MotionBlur(ink, size * random.Between(0.05f, 0.35f), random.Between(0, MathF.PI));
        }

        if (random.Chance(0.3))
        {
            Wear.Roughen(ink, random.Between(0.15f, 0.6f), random);
        }

        if (random.Chance(0.12))
        {
            Wear.AddLine(ink, random);
        }

        if (random.Chance(0.05))
        {
            Wear.AddZigzag(ink, random);
        }

        if (random.Chance(0.08))
        {
            Wear.Erase(ink, random);
        }

        if (random.Chance(0.08))
        {
            Wear.AddSpecks(ink, random);
        }

        return random.Chance(0.06) ? Wear.CutOff(ink, random) : ink;
    }
}

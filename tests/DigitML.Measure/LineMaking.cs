using DigitML.Data;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>
/// Lines of writing to train the <see cref="LineNetwork"/> on: digits apart and into one another, with marks between them and without, some among letters,
/// signs and scribbles, which are no digits; and lines as the reader finds them in made pictures, with what its steps leave of rules and grounds.
/// </summary>
internal sealed class LineMaking(LabelledImages digits, Mlp model, int seed)
{
    /// <summary>Of the lines so many are found in pictures.</summary>
    public const double FoundShare = 0.4;

    /// <summary>Of the others so many have what is no digit among them, and so many nothing else.</summary>
    private const double MixedShare = 0.25;

    private const double NoDigitsShare = 0.05;

    /// <summary>Pictures made at a time.</summary>
    private const int PicturesAtOnce = 512;

    private static readonly string[] s_found = ["string", "string-touching", "string-ruled", "rows", "sheet", "amount", "cheque", "dashes", "cells", "drawn"];

    private static readonly string[] s_amounts = ["dd.ddd", "d.ddd,dd", "ddd,dd", "ddd.zzz", "dddd", "dd.ddd-", "ddd,-", "-dd.ddd-", "dzzz,zz", "dddd.dd", "ddd-dddd", "dd-dd-dd", "dd.dd.dddd", "ddd ddd"];

    /// <summary>Makes lines, the two sorts mixed: the same for the same seed.</summary>
    public MadeLine[] Make(int count)
    {
        var found = Find((int)(FoundShare * count));
        var lines = new MadeLine[count];
        found.CopyTo(lines);
        Parallel.For(found.Length, count, i => lines[i] = Write(ReaderDigits.SourceOf(digits, SeededRandom.OfItem(seed, i))));
        SeededRandom.OfItem(seed, -1).Shuffle<MadeLine>(lines);
        return lines;
    }

    /// <summary>Lines as they are found in pictures, where just as many are found as there are.</summary>
    private MadeLine[] Find(int count)
    {
        var lines = new List<MadeLine>();
        var classifier = new DigitClassifier(model);
        for (var first = 0; lines.Count < count; first += PicturesAtOnce)
        {
            var found = new MadeLine[PicturesAtOnce][];
            Parallel.For(0, PicturesAtOnce, i =>
            {
                var at = first + i;
                var kind = s_found[at % s_found.Length];
                var (picture, text) = StringPictures.Make(kind, ReaderDigits.SourceOf(digits, SeededRandom.OfItem(seed, int.MaxValue + (long)at)));
                var lattices = new PictureReading(classifier, new ReaderOptions(), picture.ToPicture(), picture.Width, picture.Height).Lattices();
                var texts = text.Split('\n');
                found[i] = texts.Length == lattices.Count ? [.. lattices.Zip(texts, (lattice, line) => new MadeLine(lattice.Answers.Strip, Digits(line)))] : [];
            });
            lines.AddRange(found.SelectMany(ofPicture => ofPicture));
        }

        return [.. lines.Take(count)];
    }

    private static MadeLine Write(DigitSource source)
    {
        var random = source.Random;
        var height = random.LogBetween(18, 56);
        var (pattern, least, most) = random.NextDouble() switch
        {
            < 0.45 => (new string('d', random.Next(2, 6)), -0.16f, 0.08f),
            < 0.7 => (new string('d', random.Next(1, 9)), 0.06f, 0.5f),
            _ => (s_amounts[random.Next(s_amounts.Length)], -0.06f, 0.22f),
        };
        pattern = random.NextDouble() switch
        {
            < NoDigitsShare => new string(StringPictures.NoDigit, random.Next(1, 8)),
            < NoDigitsShare + MixedShare => StringPictures.WithOthers(pattern, random),
            _ => pattern,
        };
        var coverage = new Plane((int)(height * ((pattern.Length * 2.4f) + 2f)), (int)(height * 2.4f));
        var tilt = random.Between(-0.03f, 0.03f);
        var (left, top) = (height * 0.3f, height * 0.7f);
        var text = StringPictures.Write(coverage, source, StringPictures.OneHand(random), pattern, left, top, height, least, most, tilt);
        if (random.Chance(0.5))
        {
            coverage = Camera.Blur(coverage, random.Between(0.1f, 0.3f + (0.03f * height)));
        }

        if (random.Chance(0.3))
        {
            Wear.Roughen(coverage, random.Between(0.15f, 0.5f), random);
        }

        if (random.Chance(0.1))
        {
            Wear.AddSpecks(coverage, random);
        }

        var box = coverage.BoxAbove(0.1f) ?? new PixelBox(0, 0, coverage.Width, coverage.Height);
        // What is found of a line's height and middle is not just what they were.
        var (found, slope, middle) = (height * random.Between(0.92f, 1.08f), tilt + random.Between(-0.012f, 0.012f), top + (height * random.Between(0.44f, 0.56f)));
        var strip = LineStrip.Make(coverage.Crop(box), box.X, found, x => middle + (slope * (x + box.X - left)) - box.Y);
        return new MadeLine(strip, Digits(text));
    }

    private static byte[] Digits(string text) => [.. text.Select(digit => (byte)(digit - '0'))];
}

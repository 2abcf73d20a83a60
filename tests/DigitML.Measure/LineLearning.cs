using System.Diagnostics;
using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;
using DigitML.Training;

namespace DigitML.Measure;

/// <summary>
/// Trains the <see cref="LineNetwork"/> that ships, on lines of writing made of MNIST's training digits: apart and into one another, with marks
/// between them and without.
/// </summary>
internal sealed class LineLearning(LabelledImages digits, CommandOptions options, string file)
{
    private const int LinesOfBatch = 64;

    /// <summary>Of the lines so many are left out, and say how many of such are read whole.</summary>
    private const int HeldOut = 2_000;

    private static readonly string[] s_amounts = ["dd.ddd", "d.ddd,dd", "ddd,dd", "ddd.zzz", "dddd", "dd.ddd-", "ddd,-", "-dd.ddd-", "dzzz,zz", "dddd.dd", "ddd-dddd", "dd-dd-dd", "dd.dd.dddd", "ddd ddd"];

    private readonly MlpOptions _options = new()
    {
        HiddenLayers = [768, 384],
        Epochs = options.Number("epochs", 8),
        BatchSize = LinesOfBatch,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        Dropout = 0.1f,
        WeightDecay = 0.01f,
        AverageDecay = 0.999f,
        ValidationFraction = 0,
        Seed = options.Number("seed", 2),
    };

    public void Run(TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var made = MakeLines(options.Number("count", 70_000) + HeldOut);
        output.WriteLine(FormattableString.Invariant($"{made.Length} lines, {made.Sum(line => (long)line.Strip.Steps):N0} windows, {clock.Elapsed.TotalSeconds:0} s"));
        MadeLine[] lines = [.. made[HeldOut..].Where(line => line.Text.Length < line.Strip.Steps)];
        using var team = new ThreadTeam(ThreadTeam.SizeFor(0));
        var rows = new LineRows(lines, team.Size);
        var network = new TrainingNetwork(
            [rows.RowLength, .. _options.HiddenLayers, rows.ClassCount],
            LinesOfBatch * lines.Max(line => line.Strip.Steps),
            new InputEncoding(Normalizer.Table(PixelNormalization.UnitRange), isSparse: true),
            team,
            _options.Dropout,
            _options.Seed);
        WeightInitializer.Fill(network.Layers, _options.Seed);
        network.BeginAverage();
        var order = Enumerable.Range(0, lines.Length).ToArray();
        var shuffle = new SeededRandom(_options.Seed, RandomStreams.Shuffle);
        var steps = (order.Length + LinesOfBatch - 1) / LinesOfBatch;
        var step = 0L;
        for (var epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            shuffle.Shuffle(order);
            rows.Change(_options.Seed, epoch);
            var (loss, right) = (0.0, 0);
            foreach (var batch in order.Chunk(LinesOfBatch))
            {
                int[] chosen = [.. batch.SelectMany(line => Enumerable.Range(rows.RowsOf(line).First, rows.RowsOf(line).Past - rows.RowsOf(line).First))];
                var update = LearningRates.UpdateAt(_options, step, steps);
                team.Run(member =>
                {
                    network.Gather(member, 0, rows, chosen, step);
                    network.Meet(member, TrainingPhase.Gather);
                    network.PropagateForward(member, 0, chosen.Length, step);
                    network.PropagateBackward(member, chosen.Length);
                    network.Update(member, 0, chosen.Length, update);
                });
                var (ofBatch, spelt) = network.Tally(chosen.Length);
                (loss, right) = (loss + ofBatch, right + spelt);
                step++;
            }

            output.WriteLine(FormattableString.Invariant($"epoch {epoch}: loss {loss / lines.Length:0.0000}, whole lines {right / (double)lines.Length:P2}, held out {Read(Model(network), made[..HeldOut]):P2}, {clock.Elapsed.TotalSeconds:0} s"));
        }

        Model(network).Save(file);
    }

    private Mlp Model(TrainingNetwork network)
    {
        network.Fold();
        return new Mlp(PixelNormalization.UnitRange, network.Export(), new Dictionary<string, string> { ["seed"] = _options.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    /// <summary>The share of lines whose likeliest path is right.</summary>
    private static double Read(Mlp model, MadeLine[] lines)
    {
        var network = new LineNetwork(model);
        var right = 0;
        Parallel.ForEach(lines, line =>
        {
            if (network.Ask(line.Strip).Text == string.Concat(line.Text))
            {
                Interlocked.Increment(ref right);
            }
        });
        return right / (double)lines.Length;
    }

    private MadeLine[] MakeLines(int count)
    {
        var lines = new MadeLine[count];
        Parallel.For(0, count, i => lines[i] = MakeLine(ReaderDigits.SourceOf(digits, SeededRandom.OfItem(_options.Seed, i))));
        return lines;
    }

    private static MadeLine MakeLine(DigitSource source)
    {
        var random = source.Random;
        var height = random.LogBetween(18, 56);
        var (pattern, least, most) = random.NextDouble() switch
        {
            < 0.45 => (new string('d', random.Next(2, 6)), -0.16f, 0.08f),
            < 0.7 => (new string('d', random.Next(1, 9)), 0.06f, 0.5f),
            _ => (s_amounts[random.Next(s_amounts.Length)], -0.06f, 0.22f),
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
        return new MadeLine(strip, [.. text.Select(digit => (byte)(digit - '0'))]);
    }
}

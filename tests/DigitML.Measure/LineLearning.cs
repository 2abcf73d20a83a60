using System.Diagnostics;
using System.Globalization;
using System.Text;
using DigitML.Data;
using DigitML.IO;
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

    /// <summary>So many lines' windows tell what hidden layers give, from the least to the most.</summary>
    private const int LinesToQuantizeBy = 500;

    private static readonly string[] s_amounts = ["dd.ddd", "d.ddd,dd", "ddd,dd", "ddd.zzz", "dddd", "dd.ddd-", "ddd,-", "-dd.ddd-", "dzzz,zz", "dddd.dd", "ddd-dddd", "dd-dd-dd", "dd.dd.dddd", "ddd ddd"];

    private readonly MlpOptions _options = new()
    {
        HiddenLayers = [1024, 512],
        Epochs = options.Number("epochs", 14),
        BatchSize = LinesOfBatch,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        Dropout = 0.1f,
        BatchNormalization = true,
        WeightDecay = 0.01f,
        AverageDecay = 0.999f,
        ValidationFraction = 0,
        Seed = options.Number("seed", 2),
    };

    private int Count { get; } = options.Number("count", 80_000);

    public void Run(TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var made = MakeLines(Count + HeldOut);
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
            _options.Seed,
            normalizes: _options.BatchNormalization);
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

        var model = Model(network);
        var quantized = model.Quantize([.. made[HeldOut..(HeldOut + LinesToQuantizeBy)].SelectMany(line => line.Strip.Windows())]);
        quantized.Save(file);
        WriteCard(lines.Length, quantized, (Read(model, made[..HeldOut]), Read(quantized, made[..HeldOut])));
    }

    /// <summary>Beside the network, what it is and how it was made.</summary>
    private void WriteCard(int lines, Mlp model, (double Floats, double WholeNumbers) right) => AtomicFile.Write(Path.ChangeExtension(file, ".md"), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
        # Lines of digits, read by a perceptron that slides along them

        The network that DigitML's reader asks beside the one of single digits (`LineNetwork`): {{LineStrip.WindowSize}}-{{string.Join('-', _options.HiddenLayers)}}-{{LineNetwork.Classes}}, {{model.ParameterCount:N0}}
        parameters in whole numbers, as an ONNX file of {{new FileInfo(file).Length / 1e6:0.0}} MB. It takes a window of a line, float32 \[n, {{LineStrip.WindowSize}}\], 0 to 255, ink light on black,
        {{LineStrip.Height}} rows of {{LineStrip.WindowWidth}}, the digits {{LineStrip.DigitHeight}} high in their middle, and gives the probabilities of the ten digits and, last, of none, \[n, {{LineNetwork.Classes}}\].
        Windows follow one another {{LineStrip.Stride}} columns apart.

        | | |
        |:--|:--|
        | Trained on | {{lines:N0}} lines made of {{digits.Name}}, {{digits.Count:N0}} digits, SHA-256 `{{digits.Hash}}`: apart and into one another, with marks between them and without |
        | By | connectionist temporal classification (Graves et al. 2006), {{_options.Epochs}} epochs, batches of {{LinesOfBatch}} lines, Adam at {{_options.LearningRate}} with a cosine, batch normalisation, dropout {{_options.Dropout}}, weight decay {{_options.WeightDecay}}, moving average {{_options.AverageDecay}}, seed {{_options.Seed}} |
        | Whole lines right, of {{HeldOut:N0}} made alike and held out, by the likeliest path | {{right.WholeNumbers:P2}}; in floats {{right.Floats:P2}} |
        | SHA-256 | `{{model.Hash}}` |
        | Command | `dotnet run --project tests/DigitML.Measure -c Release -- lines artifacts/lines.onnx --count {{Count}} --epochs {{_options.Epochs}} --seed {{_options.Seed}}` |

        The lines held out are of the same training digits: of others' writing the reader's report says more, [reading.md](reading.md). It is part of the reader, not a
        reader of its own: it is given lines that were found, cleaned of rules and made level.

        """)));

    private Mlp Model(TrainingNetwork network)
    {
        network.Fold();
        return new Mlp(PixelNormalization.UnitRange, network.Export(), new Dictionary<string, string> { ["seed"] = _options.Seed.ToString(CultureInfo.InvariantCulture) });
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

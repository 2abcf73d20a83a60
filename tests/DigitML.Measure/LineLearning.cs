using System.Diagnostics;
using System.Globalization;
using System.Text;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Measure;

/// <summary>Trains the <see cref="LineNetwork"/> that ships, on lines of writing made of MNIST's training digits.</summary>
internal sealed class LineLearning(LabelledImages digits, CommandOptions options, string file)
{
    private const int LinesOfBatch = 64;

    /// <summary>Of the lines so many are left out, and say how many of such are read whole.</summary>
    private const int HeldOut = 2_000;

    /// <summary>So many lines' windows tell what hidden layers give, from the least to the most.</summary>
    private const int LinesToQuantizeBy = 500;

    private readonly MlpOptions _options = new()
    {
        HiddenLayers = [1024, 512],
        Epochs = options.Number("epochs", 24),
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

    private int Count { get; } = options.Number("count", 110_000);

    public void Run(TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var made = new LineMaking(digits, ShippedModel.Mlp, _options.Seed).Make(Count + HeldOut);
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
        | Trained on | {{lines:N0}} lines made of {{digits.Name}}, {{digits.Count:N0}} digits, SHA-256 `{{digits.Hash}}`: apart and into one another, with marks, letters and scribbles among them and without; {{LineMaking.FoundShare:P0}} as the reader that this network then became part of found them in made pictures |
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
}

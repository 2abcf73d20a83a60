using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class SequenceGradientTests
{
    private const int Classes = 4;

    private static readonly byte[][] s_texts = [[0, 2], [], [1, 1], [2, 0, 1, 0, 2]];

    // The last has fewer rows than its text has letters: it teaches nothing.
    private static readonly int[] s_lengths = [5, 3, 7, 4];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradient_OfSequences_MatchesCentralDifference(int threads)
    {
        const float Delta = 0.02f;
        var rows = new Sequences();
        using var team = new ThreadTeam(threads);
        var network = Network(team);
        var letters = s_texts.Sum(text => text.Length);

        Forward(network, team, rows, captures: true);
        var gradients = Array.ConvertAll(network.Layers, layer => layer.BiasState1.Span[..layer.Outputs].ToArray());

        for (var i = 0; i < network.Layers.Length; i++)
        {
            for (var unit = 0; unit < network.Layers[i].Outputs; unit++)
            {
                var above = LossWith(i, unit, Delta);
                var below = LossWith(i, unit, -Delta);
                Assert.Equal((above - below) / (2 * Delta * letters), gradients[i][unit], 2e-3);
            }
        }

        double LossWith(int layer, int unit, float change)
        {
            network.Layers[layer].Bias.Span[unit] += change;
            Forward(network, team, rows, captures: false);
            network.Layers[layer].Bias.Span[unit] -= change;
            return network.Tally(rows.Count).Loss;
        }
    }

    [Fact]
    public void Gradient_OfSequences_IsTheSameAtAnyThreadCount()
    {
        var gradients = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 5])
        {
            using var team = new ThreadTeam(threads);
            var network = Network(team);
            Forward(network, team, new Sequences(), captures: true);
            gradients.Add([.. network.Layers.SelectMany(layer => layer.Export(layer.WeightState1))]);
        }

        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);
        Assert.Contains(gradients[0], value => value != 0);
    }

    private static TrainingNetwork Network(ThreadTeam team)
    {
        var network = new TrainingNetwork([12, 9, Classes], s_lengths.Sum(), new InputEncoding(Normalizer.Table(PixelNormalization.UnitRange), isSparse: true), team, dropout: 0, seed: 5);
        WeightInitializer.Fill(network.Layers, seed: 12);
        return network;
    }

    private static void Forward(TrainingNetwork network, ThreadTeam team, Sequences rows, bool captures)
    {
        var order = Enumerable.Range(0, rows.Count).ToArray();
        team.Run(member =>
        {
            network.Gather(member, 0, rows, order, stepNumber: 0);
            team.Barrier();
            network.PropagateForward(member, 0, rows.Count, stepNumber: 0);
            if (captures)
            {
                network.PropagateBackward(member, rows.Count);
                network.Update(member, 0, rows.Count, new UpdateStep { Kind = UpdateKind.Capture });
            }
        });
    }

    private sealed class Sequences : TrainingRows
    {
        private readonly byte[] _pixels;

        public Sequences()
        {
            var random = new SeededRandom(3, 0);
            _pixels = [.. Enumerable.Range(0, Count * RowLength).Select(_ => random.Chance(0.5) ? (byte)random.Next(256) : (byte)0)];
        }

        public int Count { get; } = s_lengths.Sum();

        public override int RowLength => 12;

        public override int ClassCount => Classes;

        public override string Hash => "";

        public override void Gather(InputBatch batch, int segment, ReadOnlySpan<int> order)
        {
            for (var row = 0; row < order.Length; row++)
            {
                batch.Gather(row, segment, _pixels.AsSpan(order[row] * RowLength, RowLength));
            }
        }

        public override void CopyLabels(ReadOnlySpan<int> order, Span<int> labels, Span<float> weights) => labels.Fill(NoClass);

        public override RowSequence[] SequencesOf(ReadOnlySpan<int> order) =>
            [.. s_texts.Select((text, i) => new RowSequence(s_lengths[..i].Sum(), s_lengths[i], text))];
    }
}

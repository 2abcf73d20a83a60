using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class GradientTests
{
    [Theory]
    [InlineData(new int[0], 1, true, 1)]
    [InlineData(new int[0], 5, false, 3)]
    [InlineData(new[] { 7 }, 3, true, 3)]
    [InlineData(new[] { 33 }, 13, false, 3)]
    [InlineData(new[] { 9, 5 }, 11, true, 3)]
    [InlineData(new[] { 6, 35, 4 }, 37, true, 3)]
    [InlineData(new[] { 8 }, 12, true, 3, 5)]
    public void Gradient_EveryParameter_MatchesCentralDifference(int[] hidden, int batch, bool sparse, int labels, int outliers = 0) =>
        Check(hidden, batch, sparse, labels, outliers, ActivationKind.Relu, dropout: 0);

    public static TheoryData<ActivationKind, float> Activations
    {
        get
        {
            var data = new TheoryData<ActivationKind, float>();
            foreach (var kind in Enum.GetValues<ActivationKind>())
            {
                data.Add(kind, 0);
                data.Add(kind, 0.4f);
            }

            return data;
        }
    }

    // Layers of 6 and 35 with batches of 37: panels with padding in both directions.
    [Theory]
    [MemberData(nameof(Activations))]
    public void Gradient_EveryActivation_MatchesCentralDifferenceWithAndWithoutDropout(ActivationKind kind, float dropout) =>
        Check([35, 6], batch: 37, sparse: true, labels: 3, outliers: 4, kind, dropout);

    [Theory]
    [InlineData(0.1f, 0, false)]
    [InlineData(0.35f, 0.4f, false)]
    [InlineData(0, 0.3f, true)]
    [InlineData(0.2f, 0.3f, true)]
    public void Gradient_SmoothedMixedAndSilenced_MatchesCentralDifference(float smoothing, float inputDropout, bool mixes)
    {
        Check([9, 6], batch: 37, sparse: true, labels: 3, outliers: 4, ActivationKind.Relu, dropout: 0.2f, smoothing, inputDropout, mixes);
        Check([9, 6], batch: 37, sparse: false, labels: 3, outliers: 0, ActivationKind.Gelu, dropout: 0, smoothing, inputDropout, mixes);
    }

    [Theory]
    [InlineData(ActivationKind.Relu, 0, 0)]
    [InlineData(ActivationKind.Relu, 0.3f, 0)]
    [InlineData(ActivationKind.Tanh, 0.2f, 0)]
    [InlineData(ActivationKind.Relu, 0, 0.3f)]
    [InlineData(ActivationKind.Silu, 0.2f, 0.5f)]
    public void Gradient_BatchNormalization_MatchesCentralDifference(ActivationKind kind, float dropout, float noise) =>
        Check([35, 6], batch: 37, sparse: true, labels: 3, outliers: 4, kind, dropout, normalizes: true, noise: noise);

    [Theory]
    [InlineData(0.5f, 2, false)]
    [InlineData(1, 1, false)]
    [InlineData(0.3f, 7.5f, true)]
    public void Gradient_TaughtByAnother_MatchesCentralDifference(float share, float temperature, bool mixes) =>
        Check([9, 6], batch: 37, sparse: true, labels: 3, outliers: 4, ActivationKind.Relu, dropout: 0.2f, smoothing: mixes ? 0.1f : 0, mixes: mixes, distillation: new() { Share = share, Temperature = temperature });

    private static void Check(
        int[] hidden,
        int batch,
        bool sparse,
        int labels,
        int outliers,
        ActivationKind kind,
        float dropout,
        float smoothing = 0,
        float inputDropout = 0,
        bool mixes = false,
        bool normalizes = false,
        DistillationOptions? distillation = null,
        float noise = 0)
    {
        var images = TinyData.Create(batch, labels, 5, 3, seed: 11);
        const int Classes = 4;
        var values = Normalizer.Table(sparse ? PixelNormalization.UnitRange : new PixelNormalization(1 / 255f, 0.3f, 0.7f));
        using var team = new ThreadTeam(2);
        var network = new TrainingNetwork([15, .. hidden, Classes], batch, new InputEncoding(values, sparse), team, dropout, seed: 5, ReferenceActivations.Of(kind), inputDropout, normalizes, distillation, noise) { LabelSmoothing = smoothing };
        var rows = new ImageRows(images, Classes, firstOutlier: batch - outliers);
        if (mixes || distillation is not null)
        {
            rows = rows.With(images.PixelMemory, mixes, distillation is null ? null : Answers(batch, Classes));
            for (var i = 0; mixes && i < batch - outliers; i++)
            {
                rows.Mixtures![i] = ((5 * i) % (batch - outliers), i % 4 == 0 ? 0 : i % 11 / 22f);
            }
        }

        WeightInitializer.Fill(network.Layers, seed: 12);
        var scales = new double[normalizes ? hidden.Length : 0][];
        var random = new SeededRandom(13, 0);
        for (var i = 0; i < scales.Length; i++)
        {
            // Scales and biases of all sizes, as if trained for a while.
            for (var unit = 0; unit < hidden[i]; unit++)
            {
                network.Layers[i].Normalization!.Scale[0, unit] = 0.5f + random.NextSingle();
                network.Layers[i].Bias[0, unit] = random.NextSingle() - 0.5f;
            }

            scales[i] = [.. network.Layers[i].Normalization!.Scale.Span[..hidden[i]].ToArray().Select(scale => (double)scale)];
        }

        var keep = Array.ConvertAll(hidden, units => new PanelMatrix(Panels.Padded(batch), units));
        for (var i = 0; i < hidden.Length && dropout > 0; i++)
        {
            // What dropout leaves of ones is what it multiplies by.
            keep[i].Span.Fill(1);
            var key = SeededRandom.Mix(new SeededRandom(5, RandomStreams.Dropout).Next() + (ulong)i);
            DropoutMask.Apply(keep[i], dropout, key, new TileRange(batch, hidden[i]));
        }

        var noises = Array.ConvertAll(hidden, units => new PanelMatrix(Panels.Padded(batch), units));
        for (var i = 0; i < hidden.Length && noise > 0; i++)
        {
            GaussianNoise.Fill(noises[i], noise, SeededRandom.Mix(new SeededRandom(5, RandomStreams.Noise).Next() + (ulong)i), batch, (0, Panels.Count(hidden[i])));
        }

        var order = Enumerable.Range(0, batch).ToArray();
        team.Run(member =>
        {
            network.Gather(member, 0, rows, order, stepNumber: 0);
            team.Barrier();
            network.PropagateForward(member, 0, batch, stepNumber: 0);
            network.PropagateBackward(member, batch);
            network.Update(member, 0, batch, new UpdateStep { Kind = UpdateKind.Capture });
        });

        var plain = ReferenceNetwork.From(network.Layers);
        var reference = new ReferenceNetwork(plain.Weights, plain.Biases)
        {
            Activate = sum => ReferenceActivations.Value(kind, sum),
            Keep = (row, layer, unit) => dropout > 0 ? keep[layer][row, unit] : 1,
            Scales = scales,
            Noise = (row, layer, unit) => noises[layer][row, unit],
            Target = (row, c) =>
            {
                if (row >= batch - outliers)
                {
                    return 1.0 / Classes;
                }

                var (other, share) = rows.Mixtures?[row] ?? (0, 0);
                var target = (images.Labels[row] == c ? 1.0 - share : 0) + (images.Labels[other] == c ? share : 0);
                return ((1 - smoothing) * target) + (smoothing / (double)Classes);
            },
            Taught = row => row < batch - outliers && rows.Answers is { } answers ? answers[(row * Classes)..((row + 1) * Classes)] : null,
            Distillation = distillation ?? new(),
        };
        var inputs = Array.ConvertAll(images.Pixels.ToArray(), pixel => (double)values.Span[pixel]);
        var inputKey = SeededRandom.Mix(new SeededRandom(5, RandomStreams.InputDropout).Next());
        for (var i = 0; i < inputs.Length && inputDropout > 0; i++)
        {
            inputs[i] *= DropoutMask.Keeps(inputDropout, inputKey, i) ? 1 / (1.0 - inputDropout) : 0;
        }

        Assert.Equal(reference.Loss(inputs, batch), network.Tally(batch).Loss / batch, 1e-5);
        for (var i = 0; i < network.Layers.Length; i++)
        {
            var layer = network.Layers[i];
            CheckAll(reference.Weights[i], layer.Export(layer.WeightState1));
            CheckAll(reference.Biases[i], layer.BiasState1.Span[..layer.Outputs]);
            if (layer.Normalization is { } normalization)
            {
                CheckAll(scales[i], normalization.ScaleState1.Span[..layer.Outputs]);
            }
        }

        void CheckAll(double[] parameters, ReadOnlySpan<float> gradient)
        {
            for (var p = 0; p < parameters.Length; p++)
            {
                const double Delta = 1e-5;
                var kept = parameters[p];
                parameters[p] = kept + Delta;
                var above = reference.Loss(inputs, batch);
                parameters[p] = kept - Delta;
                var below = reference.Loss(inputs, batch);
                parameters[p] = kept;

                // The reference is in doubles, so what is left is the rounding of the network's own floats.
                Assert.Equal((above - below) / (2 * Delta), gradient[p], 2e-5);
            }
        }
    }

    private static float[] Answers(int rows, int classes)
    {
        var random = new SeededRandom(14, 0);
        var answers = new float[rows * classes];
        for (var row = 0; row < rows; row++)
        {
            var answer = answers.AsSpan(row * classes, classes);
            foreach (ref var logit in answer)
            {
                logit = random.Between(-3f, 3f);
            }

            Softmax.Normalize(answer);
        }

        return answers;
    }
}

using System.Collections.Concurrent;
using DigitML.Numerics;

namespace DigitML.Models;

/// <summary>
/// A model's weights as the kernels want them, with the normalisation folded into the first layer, so that pixel bytes go in
/// as they are and ground stays 0 and costs nothing.
/// </summary>
internal sealed class InferenceNetwork
{
    /// <summary>Pictures carried through together: enough that weights are read rarely, few enough to stay in cache.</summary>
    public const int Chunk = 64;

    private static readonly InputEncoding s_bytes = new(Normal(), isSparse: true);

    /// <summary>The layers of each member of an ensemble, or of the network alone.</summary>
    private readonly PanelLayer[][] _members = [];
    private readonly ByteLayer[] _byteLayers = [];
    private readonly (float Scale, byte Zero)[] _byteOutputs = [];

    /// <summary>How floats come in: feature by feature, or as pixel values that need not be whole.</summary>
    private readonly InputEncoding _floats;

    /// <summary>Passes for one picture and for many, and the same for floats.</summary>
    private readonly ConcurrentBag<IForwardPass>[] _passes = [[], [], [], []];

    /// <summary>Lays a model's weights out.</summary>
    public InferenceNetwork(Mlp model)
    {
        var normalization = model.FeatureNormalization ?? FeatureNormalization.Uniform(model.InputCount, 1);
        TakesFeatures = model.FeatureNormalization is not null;
        _floats = new InputEncoding(normalization.Mean.Span, normalization.Scale.Span);
        var first = model.Layers[0];
        var (firstBias, firstScale) = TakesFeatures ? (first.Bias, 1f) : Folded(model.Normalization, first);
        if (model.IsQuantized)
        {
            _byteLayers = [.. model.Layers.Select((layer, i) => Bytes(layer, i == 0 ? firstBias : layer.Bias, i == 0 ? (firstScale, (byte)0) : OutputOf(model.Layers[i - 1])))];
            _byteOutputs = [.. model.Layers.Select(OutputOf)];
            return;
        }

        _members = new PanelLayer[model.MemberCount][];
        for (var member = 0; member < _members.Length; member++)
        {
            IReadOnlyList<DenseLayer> layers = model.MemberCount == 1 ? model.Layers : MlpEnsemble.LayersOf(model, member);
            _members[member] = new PanelLayer[layers.Count];
            for (var i = 0; i < layers.Count; i++)
            {
                var layer = layers[i];
                var bias = i > 0 ? layer.Bias : firstBias.Slice(member * layer.Outputs, layer.Outputs);
                _members[member][i] = new PanelLayer(layer.Inputs, layer.Outputs) { Function = layer.Activation.FunctionOf(layer.Outputs) };
                _members[member][i].Import(layer.Weights.Span, bias.Span, i == 0 ? firstScale : 1);
            }
        }
    }

    /// <summary>Whether inputs are encoded feature by feature, bytes too.</summary>
    public bool TakesFeatures { get; }

    /// <summary>Takes a pass out for the caller's use alone; give it back.</summary>
    /// <param name="single">For one picture, else for <see cref="Chunk"/>.</param>
    /// <param name="floats">Whether floats will be taken in.</param>
    public IForwardPass Rent(bool single, bool floats) =>
        Passes(single, floats).TryTake(out var pass) ? pass : NewPass(single ? 1 : Chunk, floats);

    /// <summary>Gives a pass back that was rented for the same.</summary>
    public void Return(IForwardPass pass, bool floats) => Passes(pass.Capacity == 1, floats).Add(pass);

    private ConcurrentBag<IForwardPass> Passes(bool single, bool floats) => _passes[(single ? 0 : 1) + (floats || TakesFeatures ? 2 : 0)];

    /// <summary>A layer's bias and a factor for its weights, so that it takes pixel values as they are.</summary>
    /// <remarks>(pixel · scale − mean) / deviation: the factor goes into the weights, what is subtracted into the biases.</remarks>
    public static (ReadOnlyMemory<float> Bias, float Scale) Folded(PixelNormalization normalization, DenseLayer layer)
    {
        var (scale, mean, deviation) = normalization;
        if (mean == 0)
        {
            return (layer.Bias, scale / deviation);
        }

        var weights = layer.Weights.Span;
        var bias = layer.Bias.ToArray();
        for (var output = 0; output < bias.Length; output++)
        {
            var sum = 0.0;
            foreach (var weight in weights.Slice(output * layer.Inputs, layer.Inputs))
            {
                sum += weight;
            }

            bias[output] = (float)(bias[output] - (sum * mean / deviation));
        }

        return (bias, scale / deviation);
    }

    /// <summary>The least and the most that each layer gives for some pictures, after its activation; 0 is always among them.</summary>
    /// <param name="pixels">[n, inputs].</param>
    public (float Least, float Most)[] Ranges(ReadOnlySpan<byte> pixels)
    {
        var ranges = new (float Least, float Most)[_members[0].Length];
        var inputs = _members[0][0].Inputs;
        var pass = (ForwardPass)Rent(single: false, floats: false);
        for (var first = 0; first * inputs < pixels.Length; first += Chunk)
        {
            var count = Math.Min(Chunk, (pixels.Length / inputs) - first);
            pass.Begin(count);
            for (var row = 0; row < count; row++)
            {
                pass.Gather(row, pixels.Slice((first + row) * inputs, inputs));
            }

            pass.Run(count);
            for (var layer = 0; layer < ranges.Length; layer++)
            {
                var (least, most) = pass.Range(layer, count);
                ranges[layer] = (Math.Min(least, ranges[layer].Least), Math.Max(most, ranges[layer].Most));
            }
        }

        Return(pass, floats: false);
        return ranges;
    }

    private static (float Scale, byte Zero) OutputOf(DenseLayer layer) => (layer.Quantization!.OutputScale, layer.Quantization.OutputZero);

    private static ByteLayer Bytes(DenseLayer layer, ReadOnlyMemory<float> bias, (float Scale, byte Zero) input) =>
        new(layer.Weights.Span, bias.Span, layer.Quantization!.WeightSteps.Span, input.Scale, input.Zero) { Function = layer.Activation.FunctionOf(layer.Outputs) };

    private IForwardPass NewPass(int capacity, bool floats)
    {
        var encoding = floats || TakesFeatures ? _floats : s_bytes;
        return _byteLayers.Length > 0 ? new BytePass(_byteLayers, _byteOutputs, capacity)
            : _members.Length > 1 ? new EnsemblePass(_members, encoding, capacity)
            : new ForwardPass(_members[0], encoding, capacity);
    }

    private static PanelBuffer Normal()
    {
        var table = new PanelBuffer(256);
        for (var i = 0; i < 256; i++)
        {
            table.Span[i] = i;
        }

        return table;
    }
}

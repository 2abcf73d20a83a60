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
    private readonly PanelLayer[] _layers;

    /// <summary>How floats come in: feature by feature, or as pixel values that need not be whole.</summary>
    private readonly InputEncoding _floats;

    /// <summary>Passes for one picture and for many, and the same for floats.</summary>
    private readonly ConcurrentBag<ForwardPass>[] _passes = [[], [], [], []];

    /// <summary>Lays a model's weights out.</summary>
    public InferenceNetwork(Mlp model)
    {
        var normalization = model.FeatureNormalization ?? FeatureNormalization.Uniform(model.InputCount, 1);
        TakesFeatures = model.FeatureNormalization is not null;
        _floats = new InputEncoding(normalization.Mean.Span, normalization.Scale.Span);
        _layers = new PanelLayer[model.Layers.Count];
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = model.Layers[i];
            _layers[i] = new PanelLayer(layer.Inputs, layer.Outputs) { Function = layer.Activation.FunctionOf(layer.Outputs) };
            if (i > 0 || TakesFeatures)
            {
                _layers[i].Import(layer.Weights.Span, layer.Bias.Span);
                continue;
            }

            // (pixel · scale − mean) / deviation: the factor goes into the weights, what is subtracted into the biases.
            var (scale, mean, deviation) = model.Normalization;
            var weights = layer.Weights.Span;
            var bias = layer.Bias.ToArray();
            for (var output = 0; output < bias.Length && mean != 0; output++)
            {
                var sum = 0.0;
                foreach (var weight in weights.Slice(output * layer.Inputs, layer.Inputs))
                {
                    sum += weight;
                }

                bias[output] = (float)(bias[output] - (sum * mean / deviation));
            }

            _layers[i].Import(weights, bias, scale / deviation);
        }
    }

    /// <summary>Whether inputs are encoded feature by feature, bytes too.</summary>
    public bool TakesFeatures { get; }

    /// <summary>Takes a pass out for the caller's use alone; give it back.</summary>
    /// <param name="single">For one picture, else for <see cref="Chunk"/>.</param>
    /// <param name="floats">Whether floats will be taken in.</param>
    public ForwardPass Rent(bool single, bool floats) =>
        Passes(single, floats).TryTake(out var pass) ? pass : new ForwardPass(_layers, floats || TakesFeatures ? _floats : s_bytes, single ? 1 : Chunk);

    /// <summary>Gives a pass back that was rented for the same.</summary>
    public void Return(ForwardPass pass, bool floats) => Passes(pass.Capacity == 1, floats).Add(pass);

    private ConcurrentBag<ForwardPass> Passes(bool single, bool floats) => _passes[(single ? 0 : 1) + (floats || TakesFeatures ? 2 : 0)];

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

using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>What is copied out of a network and back in: the weights of its best epoch, and all that its training needs to go on.</summary>
internal sealed partial class TrainingNetwork
{
    private PanelLayer[]? _folded;

    /// <summary>Floats of all weights and biases.</summary>
    public int WeightsLength => Layers.Sum(layer => layer.Weights.Span.Length + layer.Bias.Span.Length);

    /// <summary>Floats of all weights and biases and of the optimizer's state.</summary>
    public int StateLength => StateBuffers().Sum(buffer => buffer.Span.Length);

    /// <summary>The layers that validate and that the model has: those of the moving average, where there is one, with normalisation folded in.</summary>
    public PanelLayer[] KeptLayers()
    {
        if (!Layers.Any(layer => layer.Normalization is not null))
        {
            return Latest();
        }

        return _folded ??= [.. Layers[..^1].Select(layer => new PanelLayer(layer.Inputs, layer.Outputs) { Function = layer.Function }), Latest()[^1]];
    }

    /// <summary>Brings <see cref="KeptLayers"/> up to date, where they are not the layers that train or their average.</summary>
    public void Fold()
    {
        var (kept, latest) = (KeptLayers(), Latest());
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i].Normalization?.Fold(latest[i], Layers[i].Average is null ? Layers[i].Normalization!.Scale : Layers[i].Normalization!.AverageScale, kept[i]);
        }
    }

    private PanelLayer[] Latest() => Array.ConvertAll(Layers, layer => layer.Average ?? layer);

    /// <summary>Begins a moving average of all weights and biases from the present ones.</summary>
    public void BeginAverage() => Array.ForEach(Layers, layer => layer.BeginAverage());

    /// <summary>Copies the weights and biases of <see cref="KeptLayers"/> into <paramref name="target"/>, layer after layer.</summary>
    public void CopyWeightsTo(Span<float> target)
    {
        Fold();
        Copy(WeightBuffers(KeptLayers()), target, save: true);
    }

    /// <summary>Takes all weights and biases back that <see cref="CopyWeightsTo"/> saved.</summary>
    public void CopyWeightsFrom(Span<float> source) => Copy(WeightBuffers(KeptLayers()), source, save: false);

    /// <summary>All that the next update depends on.</summary>
    public float[] State()
    {
        var state = new float[StateLength];
        Copy(StateBuffers(), state, save: true);
        return state;
    }

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    public void Restore(ReadOnlySpan<float> state) => Copy(StateBuffers(), state.ToArray(), save: false);

    private static IEnumerable<PanelMatrix> WeightBuffers(IEnumerable<PanelLayer> layers) => layers.SelectMany(layer => new[] { layer.Weights, layer.Bias });

    private IEnumerable<PanelMatrix> StateBuffers() =>
    [
        .. WeightBuffers(Layers),
        .. Layers.SelectMany(layer => new[] { layer.WeightState1, layer.WeightState2, layer.BiasState1, layer.BiasState2 }),
        .. Layers[0].Average is null ? [] : WeightBuffers(Latest()),
        .. Layers.SelectMany(layer => layer.Normalization?.Buffers ?? []),
    ];

    private static void Copy(IEnumerable<PanelMatrix> buffers, Span<float> snapshot, bool save)
    {
        foreach (var buffer in buffers)
        {
            var part = snapshot[..buffer.Span.Length];
            snapshot = snapshot[part.Length..];
            if (save)
            {
                buffer.Span.CopyTo(part);
            }
            else
            {
                part.CopyTo(buffer.Span);
            }
        }
    }
}

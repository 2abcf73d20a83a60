using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>What is copied out of a network and back in: the weights of its best epoch, and all that its training needs to go on.</summary>
internal sealed partial class TrainingNetwork
{
    /// <summary>Floats of all weights and biases.</summary>
    public int WeightsLength => Layers.Sum(layer => layer.Weights.Span.Length + layer.Bias.Span.Length);

    /// <summary>Floats of all weights and biases and of the optimizer's state.</summary>
    public int StateLength => 3 * WeightsLength;

    /// <summary>Copies all weights and biases into <paramref name="target"/>, layer after layer.</summary>
    public void CopyWeightsTo(Span<float> target) => Copy(WeightBuffers(), target, save: true);

    /// <summary>Takes all weights and biases back that <see cref="CopyWeightsTo"/> saved.</summary>
    public void CopyWeightsFrom(Span<float> source) => Copy(WeightBuffers(), source, save: false);

    /// <summary>All that the next update depends on.</summary>
    public float[] State()
    {
        var state = new float[StateLength];
        Copy(WeightBuffers().Concat(OptimizerBuffers()), state, save: true);
        return state;
    }

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    public void Restore(ReadOnlySpan<float> state) => Copy(WeightBuffers().Concat(OptimizerBuffers()), state.ToArray(), save: false);

    private IEnumerable<PanelMatrix> WeightBuffers() => Layers.SelectMany(layer => new[] { layer.Weights, layer.Bias });

    private IEnumerable<PanelMatrix> OptimizerBuffers() => Layers.SelectMany(layer => new[] { layer.WeightState1, layer.WeightState2, layer.BiasState1, layer.BiasState2 });

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

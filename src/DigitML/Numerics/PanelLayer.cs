namespace DigitML.Numerics;

/// <summary>A dense layer's numbers in panels: what a forward pass needs.</summary>
internal class PanelLayer
{
    /// <summary>Floats of a cache line.</summary>
    private const int InputsALine = 16;

    /// <summary>Allocates a layer of zeros.</summary>
    /// <param name="inputs">Values that come in.</param>
    /// <param name="outputs">Values that go out.</param>
    public PanelLayer(int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        PaddedInputs = Panels.Padded(inputs);

        // A tile more than there are inputs, or panels would lie a multiple of 4 KiB apart and what is read across them
        // would share a few sets of every cache.
        Weights = new PanelMatrix(PaddedInputs + Kernels.TileRows, outputs);
        Bias = new PanelMatrix(1, outputs);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Inputs, padded to whole panels.</summary>
    public int PaddedInputs { get; }

    /// <summary>[inputs padded and a tile, outputs]: the transpose of a model's [outputs, inputs].</summary>
    public PanelMatrix Weights { get; }

    /// <summary>[1, outputs].</summary>
    public PanelMatrix Bias { get; }

    /// <summary>What follows the layer when it is a hidden one.</summary>
    public UnitFunction Function { get; init; } = UnitFunction.Relu;

    /// <summary>The tiles of <see cref="Weights"/> that hold inputs.</summary>
    public TileRange WeightTiles => new(PaddedInputs, Outputs);

    /// <summary>Takes weights in, each times <paramref name="weightScale"/>.</summary>
    /// <param name="weights">Row-major [outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="weightScale">Factor for the weights.</param>
    public unsafe void Import(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, float weightScale = 1f)
    {
        CheckLength(weights.Length);

        // A line's inputs for all outputs of a panel before the next: both sides then stay in the nearest cache.
        for (var panel = 0; panel < Outputs; panel += Panels.Width)
        {
            for (var from = 0; from < Inputs; from += InputsALine)
            {
                for (var output = panel; output < Math.Min(panel + Panels.Width, Outputs); output++)
                {
                    var target = Weights.At(from, output);
                    foreach (var weight in weights.Slice((output * Inputs) + from, Math.Min(InputsALine, Inputs - from)))
                    {
                        *target = weight * weightScale;
                        target += Panels.Width;
                    }
                }
            }
        }

        bias.CopyTo(Bias.Span);
    }

    /// <summary>Gives a matrix in this layer's layout out as row-major [outputs, inputs].</summary>
    /// <param name="panels">Laid out as <see cref="Weights"/>.</param>
    public unsafe float[] Export(in PanelMatrix panels)
    {
        var weights = new float[checked(Inputs * Outputs)];
        CheckLength(weights.Length);
        for (var panel = 0; panel < Outputs; panel += Panels.Width)
        {
            for (var from = 0; from < Inputs; from += InputsALine)
            {
                for (var output = panel; output < Math.Min(panel + Panels.Width, Outputs); output++)
                {
                    var source = panels.At(from, output);
                    foreach (ref var weight in weights.AsSpan((output * Inputs) + from, Math.Min(InputsALine, Inputs - from)))
                    {
                        weight = *source;
                        source += Panels.Width;
                    }
                }
            }
        }

        return weights;
    }

    private void CheckLength(int weights)
    {
        if (weights != (long)Inputs * Outputs)
        {
            throw new ArgumentException(Invariant($"{Outputs} outputs of {Inputs} inputs have {(long)Inputs * Outputs} weights; got {weights}."), nameof(weights));
        }
    }
}

/// <summary>A layer with the optimizer's state beside each weight and bias.</summary>
internal sealed class TrainableLayer : PanelLayer
{
    /// <inheritdoc cref="PanelLayer(int, int)"/>
    public TrainableLayer(int inputs, int outputs)
        : base(inputs, outputs)
    {
        WeightState1 = new PanelMatrix(Weights.Rows, outputs);
        WeightState2 = new PanelMatrix(Weights.Rows, outputs);
        BiasState1 = new PanelMatrix(1, outputs);
        BiasState2 = new PanelMatrix(1, outputs);
    }

    /// <summary>Adam's first moment or Nesterov's velocity, as <see cref="PanelLayer.Weights"/>.</summary>
    public PanelMatrix WeightState1 { get; }

    /// <summary>Adam's second moment.</summary>
    public PanelMatrix WeightState2 { get; }

    /// <summary>The moving average of weights and biases; null where none is kept.</summary>
    public PanelLayer? Average { get; private set; }

    /// <summary>What normalises the layer's sums; null for nothing.</summary>
    public BatchNormalization? Normalization { get; init; }

    /// <summary>Begins a moving average from the present weights and biases.</summary>
    public void BeginAverage()
    {
        Average = new PanelLayer(Inputs, Outputs) { Function = Function };
        Weights.Span.CopyTo(Average.Weights.Span);
        Bias.Span.CopyTo(Average.Bias.Span);
    }

    /// <summary>The same for the biases.</summary>
    public PanelMatrix BiasState1 { get; }

    /// <summary>The same for the biases.</summary>
    public PanelMatrix BiasState2 { get; }
}

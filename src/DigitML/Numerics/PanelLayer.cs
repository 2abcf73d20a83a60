namespace DigitML.Numerics;

/// <summary>A dense layer's numbers in panels: what a forward pass needs.</summary>
internal class PanelLayer
{
    /// <summary>Allocates a layer of zeros.</summary>
    /// <param name="inputs">Values that come in.</param>
    /// <param name="outputs">Values that go out.</param>
    public PanelLayer(int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        PaddedInputs = Panels.Padded(inputs);
        OutputPanels = Panels.Count(outputs);
        WeightRows = PaddedInputs + Kernels.TileRows;
        Weights = new PanelBuffer(Panels.Length(WeightRows, outputs));
        Bias = new PanelBuffer(Panels.Padded(outputs));
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Inputs, padded to whole panels.</summary>
    public int PaddedInputs { get; }

    /// <summary>
    /// Rows of <see cref="Weights"/>: a tile more than there are inputs, or panels would lie a multiple of 4 KiB apart and
    /// what is read across them would share a few sets of every cache.
    /// </summary>
    public int WeightRows { get; }

    /// <summary>Panels of <see cref="Weights"/>.</summary>
    public int OutputPanels { get; }

    /// <summary>[<see cref="WeightRows"/>, <see cref="Outputs"/>] in panels: the transpose of a model's [outputs, inputs].</summary>
    public PanelBuffer Weights { get; }

    /// <summary>[outputs padded].</summary>
    public PanelBuffer Bias { get; }

    /// <summary>Takes weights in, each times <paramref name="weightScale"/>.</summary>
    /// <param name="weights">Row-major [outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="weightScale">Factor for the weights.</param>
    public void Import(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, float weightScale = 1f)
    {
        var target = Weights.Span;
        for (var output = 0; output < Outputs; output++)
        {
            var row = weights.Slice(output * Inputs, Inputs);
            for (var input = 0; input < row.Length; input++)
            {
                target[(int)Panels.Offset(WeightRows, input, output)] = row[input] * weightScale;
            }
        }

        bias.CopyTo(Bias.Span);
    }

    /// <summary>Gives a matrix in this layer's layout out as row-major [outputs, inputs].</summary>
    /// <param name="panels">Laid out as <see cref="Weights"/>.</param>
    public float[] Export(PanelBuffer panels)
    {
        var source = panels.Span;
        var weights = new float[checked(Inputs * Outputs)];
        for (var output = 0; output < Outputs; output++)
        {
            for (var input = 0; input < Inputs; input++)
            {
                weights[(output * Inputs) + input] = source[(int)Panels.Offset(WeightRows, input, output)];
            }
        }

        return weights;
    }
}

namespace DigitML.Numerics;

/// <summary>A layer with the optimizer's state beside each weight and bias.</summary>
internal sealed class TrainableLayer : PanelLayer
{
    /// <inheritdoc cref="PanelLayer(int, int)"/>
    public TrainableLayer(int inputs, int outputs)
        : base(inputs, outputs)
    {
        WeightState1 = new PanelBuffer(Weights.Length);
        WeightState2 = new PanelBuffer(Weights.Length);
        BiasState1 = new PanelBuffer(Bias.Length);
        BiasState2 = new PanelBuffer(Bias.Length);
    }

    /// <summary>Adam's first moment or Nesterov's velocity, as <see cref="PanelLayer.Weights"/>.</summary>
    public PanelBuffer WeightState1 { get; }

    /// <summary>Adam's second moment.</summary>
    public PanelBuffer WeightState2 { get; }

    /// <summary>The same for the biases.</summary>
    public PanelBuffer BiasState1 { get; }

    /// <summary>The same for the biases.</summary>
    public PanelBuffer BiasState2 { get; }
}

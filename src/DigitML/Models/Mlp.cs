namespace DigitML.Models;

/// <summary>
/// A trained multilayer perceptron: pixel values 0 to 255 in, probabilities of the classes out.
/// Dense layers with ReLU between them and softmax at the end. Immutable; safe to use from many threads at once.
/// </summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed partial class Mlp
{
    private readonly InferenceNetwork _inference;

    /// <summary>Puts a network together.</summary>
    /// <param name="normalization">What happens to pixel values before the first layer.</param>
    /// <param name="layers">At least one; each takes as many values as the one before gives.</param>
    /// <param name="metadata">Free text that travels in the file: options, data hash, version; null for none.</param>
    /// <exception cref="ArgumentException">Layers do not fit together, or the normalisation is not finite.</exception>
    public Mlp(PixelNormalization normalization, IReadOnlyList<DenseLayer> layers, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A network needs at least one layer; got none.", nameof(layers));
        }

        for (var i = 1; i < layers.Count; i++)
        {
            if (layers[i].Inputs != layers[i - 1].Outputs)
            {
                throw new ArgumentException($"Layer {i + 1} must take the {layers[i - 1].Outputs} values that layer {i} gives; it takes {layers[i].Inputs}.", nameof(layers));
            }
        }

        CheckNormalization(normalization, nameof(normalization));
        Normalization = normalization;
        Layers = layers;
        Metadata = metadata ?? new Dictionary<string, string>();
        _inference = new InferenceNetwork(this);
    }

    /// <summary>What happens to pixel values before the first layer.</summary>
    public PixelNormalization Normalization { get; }

    /// <summary>The dense layers, input first.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Free text that travels in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Pixels of one picture.</summary>
    public int InputCount => Layers[0].Inputs;

    /// <summary>Classes told apart.</summary>
    public int ClassCount => Layers[^1].Outputs;

    /// <summary>Weights and biases.</summary>
    public int ParameterCount => Layers.Sum(layer => checked(layer.Weights.Length + layer.Bias.Length));
}

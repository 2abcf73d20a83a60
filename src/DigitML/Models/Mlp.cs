using System.Text.Json;
using DigitML.IO;

namespace DigitML.Models;

/// <summary>
/// A trained multilayer perceptron: pixel values 0 to 255 or the features of a table in, probabilities of the classes out.
/// Dense layers with activations between them, usually ReLU, and softmax at the end. Immutable; safe to use from many threads at once.
/// </summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed partial class Mlp
{
    /// <summary>The entry of the metadata that holds the classes' names as a JSON array.</summary>
    internal const string ClassNamesEntry = "classNames";

    /// <summary>The entry of the metadata that holds the features' names as a JSON array.</summary>
    internal const string FeatureNamesEntry = "featureNames";

    /// <summary>The entry of the metadata that says how pictures were brought to the model's size: the name of a frame.</summary>
    internal const string FrameEntry = "frame";

    private readonly InferenceNetwork _inference;

    /// <summary>Puts a network together.</summary>
    /// <param name="normalization">What happens to pixel values before the first layer.</param>
    /// <param name="layers">At least one; each takes as many values as the one before gives.</param>
    /// <param name="metadata">Free text that travels in the file: options, data hash, version; null for none.</param>
    /// <exception cref="ArgumentException">Layers do not fit together, or the normalisation is not finite.</exception>
    public Mlp(PixelNormalization normalization, IReadOnlyList<DenseLayer> layers, IReadOnlyDictionary<string, string>? metadata = null)
        : this(normalization, null, layers, metadata)
    {
    }

    /// <summary>Puts a network together that takes the features of a table.</summary>
    /// <param name="normalization">What happens to each feature before the first layer.</param>
    /// <param name="layers">At least one; each takes as many values as the one before gives.</param>
    /// <param name="metadata">Free text that travels in the file: options, data hash, version; null for none.</param>
    /// <exception cref="ArgumentException">Layers do not fit together, or the normalisation is for another number of features.</exception>
    public Mlp(FeatureNormalization normalization, IReadOnlyList<DenseLayer> layers, IReadOnlyDictionary<string, string>? metadata = null)
        : this(new PixelNormalization(1, 0, 1), normalization ?? throw new ArgumentNullException(nameof(normalization)), layers, metadata)
    {
    }

    private Mlp(PixelNormalization normalization, FeatureNormalization? features, IReadOnlyList<DenseLayer> layers, IReadOnlyDictionary<string, string>? metadata)
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
                throw new ArgumentException(Invariant($"Layer {i + 1} must take the {layers[i - 1].Outputs} values that layer {i} gives; it takes {layers[i].Inputs}."), nameof(layers));
            }
        }

        if (features is not null && features.Count != layers[0].Inputs)
        {
            throw new ArgumentException(Invariant($"Layer 1 must take the {features.Count} features that are normalised; it takes {layers[0].Inputs}."), nameof(layers));
        }

        var quantized = layers.Count(layer => layer.Quantization is not null);
        if (quantized > 0 && (quantized < layers.Count || features is not null))
        {
            throw new ArgumentException(Invariant($"A network of pictures is worked out in whole numbers in all layers or in none; {quantized} of {layers.Count} are{(features is null ? "" : ", and it takes features")}."), nameof(layers));
        }

        if (layers[0].Groups > 1 || layers[^1].Groups > 1 || layers.Skip(1).SkipLast(1).Select(layer => layer.Groups).Distinct().Count() > 1)
        {
            throw new ArgumentException($"The first layer and the last must be of one group, and those between them all of as many; got {string.Join(", ", layers.Select(layer => layer.Groups))}.", nameof(layers));
        }

        CheckNormalization(normalization, nameof(normalization));
        Normalization = normalization;
        FeatureNormalization = features;
        Layers = layers;
        Metadata = metadata ?? new Dictionary<string, string>();
        ClassNames = ReadNames(ClassNamesEntry, ClassCount);
        FeatureNames = ReadNames(FeatureNamesEntry, InputCount);
        _inference = new InferenceNetwork(this);
    }

    /// <summary>What happens to pixel values before the first layer; nothing in a network that takes the features of a table.</summary>
    public PixelNormalization Normalization { get; }

    /// <summary>What happens to the features of a table before the first layer; null in a network that takes pixel values.</summary>
    public FeatureNormalization? FeatureNormalization { get; }

    /// <summary>The dense layers, input first.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Free text that travels in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the classes are called, in the order of the probabilities; empty when a class is called by its number.</summary>
    /// <value>The entry <c>classNames</c> of <see cref="Metadata"/>, a JSON array, where it holds as many names as there are classes.</value>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What the features of a table are called, in the order of the inputs; <c>colour=red</c> is 1 where the column colour says red. Empty when not known.</summary>
    /// <value>The entry <c>featureNames</c> of <see cref="Metadata"/>, a JSON array, where it holds as many names as there are inputs.</value>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>What a class is called: its name, or its number.</summary>
    /// <param name="class">0 to <see cref="ClassCount"/> − 1.</param>
    public string NameOf(int @class)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(@class);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(@class, ClassCount);
        return ClassNames.Count > 0 ? ClassNames[@class] : Invariant($"{@class}");
    }

    /// <summary>Pixels of one picture, or features of one row.</summary>
    public int InputCount => Layers[0].Inputs;

    /// <summary>Classes told apart.</summary>
    public int ClassCount => Layers[^1].Outputs;

    /// <summary>Whether the network is worked out in whole numbers, as <see cref="Quantize(ReadOnlySpan{byte})"/> makes it.</summary>
    public bool IsQuantized => Layers[0].Quantization is not null;

    /// <summary>Networks that the hidden layers hold side by side, as <see cref="MlpEnsemble"/> puts them: 1, or the groups of the layers between the first and the last.</summary>
    public int MemberCount => Layers.Max(layer => layer.Groups);

    /// <summary>The sizes from the input to the classes: <c>784-128-32-10</c>.</summary>
    public string Shape => ShapeOf(Layers.Select(layer => layer.Outputs).Prepend(InputCount));

    /// <summary>Weights and biases.</summary>
    public int ParameterCount => Layers.Sum(layer => checked(layer.Weights.Length + layer.Bias.Length));

    private string[] ReadNames(string entry, int count)
    {
        if (!Metadata.TryGetValue(entry, out var text))
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            var names = json.RootElement.EnumerateArray().Select(name => name.GetString() ?? "").ToArray();
            return names.Length == count ? names : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Metadata is free text; one that holds no names names nothing.
            return [];
        }
    }

    /// <summary>Sizes of layers as networks are named by them: <c>784-128-32-10</c>; empty for none.</summary>
    /// <param name="sizes">In the order of the layers.</param>
    public static string ShapeOf(IEnumerable<int> sizes) => string.Join('-', sizes);
}

/// <summary>What happens to a pixel value before the first layer: <c>(pixel · Scale − Mean) / Deviation</c>.</summary>
/// <param name="Scale">1/255 brings bytes to [0, 1].</param>
/// <param name="Mean">Subtracted after scaling; 0 for none.</param>
/// <param name="Deviation">Divided by last; 1 for none. Greater than 0.</param>
public readonly record struct PixelNormalization(float Scale, float Mean, float Deviation)
{
    /// <summary>pixel / 255: values in [0, 1].</summary>
    public static PixelNormalization UnitRange { get; } = new(1f / 255f, 0f, 1f);

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PixelNormalization), PrintMembers);
}

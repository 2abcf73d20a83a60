namespace DigitML.Models.Onnx;

/// <summary>
/// Two operators of ONNX's <c>ai.onnx.ml</c>, as ML.NET writes its linear multiclass models: <c>Scaler</c>, (x − offset) · scale, and
/// <c>LinearClassifier</c>, softmax(coefficients · x + intercepts). Together they are a network without hidden layers.
/// </summary>
internal static class LinearModels
{
    /// <summary>Their domain.</summary>
    public const string Domain = "ai.onnx.ml";

    /// <summary>The graphs that ML.NET writes take features as they are.</summary>
    public const string Producer = "ML.NET";

    /// <summary>What ML.NET calls the probabilities.</summary>
    public const string Output = "Score.output";

    /// <summary>One of the two lists of whole numbers that may be long.</summary>
    public const string ClassLabels = "classlabels_ints";

    /// <summary>The other, of ZipMap.</summary>
    public const string ZipMapLabels = "classlabels_int64s";

    public const int MaximumClasses = 65_536;

    /// <summary>Whether a node is one of the two.</summary>
    public static bool Is(OnnxNode node) => node.Domain == Domain && node.Operator is "Scaler" or "LinearClassifier";

    /// <summary>Which of a node's outputs goes on: the classifier's first are labels, its second probabilities.</summary>
    public static int OutputIndex(OnnxNode node) => node.Domain == Domain && node.Operator == "LinearClassifier" ? 1 : 0;

    /// <summary>What a Scaler subtracts and multiplies by: one number for all or one for each.</summary>
    public static (float[] Offset, float[] Scale) Scaling(OnnxNode node) => (Singles(node, "offset"), Singles(node, "scale"));

    /// <summary>A classifier's weights, row-major [classes, inputs], and its biases.</summary>
    /// <exception cref="OnnxFormatException">It is no softmax over linear scores, or its lengths disagree.</exception>
    public static (float[] Weights, float[] Bias) Layer(OnnxNode node)
    {
        var transform = node.Attributes.TryGetValue("post_transform", out var found) ? found.Text : "NONE";
        if (transform != "SOFTMAX")
        {
            throw new OnnxFormatException($"operator {node.Title} ends in {Quote.Name(transform)}; DigitML runs those that end in 'SOFTMAX'");
        }

        var (weights, bias) = (Singles(node, "coefficients"), Singles(node, "intercepts"));
        return bias.Length is > 0 and <= MaximumClasses && weights.Length % bias.Length == 0
            ? (weights, bias)
            : throw new OnnxFormatException(Invariant($"operator {node.Title} has {weights.Length} coefficients for {bias.Length} intercepts; expected as many for each"));
    }

    /// <summary>Whether a node pairs each probability with its class's name, as skl2onnx writes it.</summary>
    public static bool IsZipMap(OnnxNode node) => node.Domain == Domain && node.Operator == "ZipMap";

    /// <summary>Whether a node makes probabilities add up to 1, which those of a softmax do.</summary>
    public static bool IsNormalizer(OnnxNode node) =>
        node.Domain == Domain && node.Operator == "Normalizer" && (!node.Attributes.TryGetValue("norm", out var norm) || norm.Text == "L1");

    /// <summary>Whether a node looks classes' names up by the place of the largest probability, as skl2onnx ends the graph of a network.</summary>
    public static bool IsLookup(OnnxNode node) => node.Domain == Domain && node.Operator == "ArrayFeatureExtractor" && node.Inputs.Count == 2;

    /// <summary>The names that a ZipMap or a LinearClassifier gives the classes; null when they are the numbers from 0 on.</summary>
    public static IReadOnlyList<string>? ClassNames(OnnxNode node)
    {
        if (node.Attributes.TryGetValue("classlabels_strings", out var texts) && texts.Texts.Count > 0)
        {
            return texts.Texts;
        }

        return node.Attributes.TryGetValue(node.Operator == "ZipMap" ? ZipMapLabels : ClassLabels, out var numbers) ? NamesOf(numbers.Integers) : null;
    }

    /// <summary>The names of classes that are called by numbers; null when these are those from 0 on, which need no names.</summary>
    public static IReadOnlyList<string>? NamesOf(IReadOnlyList<long> numbers) =>
        numbers.SequenceEqual(Enumerable.Range(0, numbers.Count).Select(i => (long)i)) ? null : [.. numbers.Select(number => Invariant($"{number}"))];

    private static float[] Singles(OnnxNode node, string attribute) =>
        node.Attributes.TryGetValue(attribute, out var found) && found.Singles.Count > 0
            ? [.. found.Singles]
            : throw new OnnxFormatException($"operator {node.Title} has no {attribute}");
}

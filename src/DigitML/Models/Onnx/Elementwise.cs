using DigitML.Numerics;

namespace DigitML.Models.Onnx;

/// <summary>
/// ONNX's operators that treat every number by itself, worked out in doubles: what activations are written in where a file has
/// no operator for them.
/// </summary>
internal static class Elementwise
{
    private static readonly HashSet<string> s_operators =
    [
        "Abs", "Add", "Cast", "Celu", "Clip", "Div", "Elu", "Erf", "Exp", "Gelu", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu",
        "Less", "LessOrEqual", "Log", "Max", "Min", "Mish", "Mul", "Neg", "Not", "PRelu", "Pow", "Reciprocal", "Relu", "Selu", "Sigmoid", "Sign", "Softplus", "Softsign",
        "Sqrt", "Sub", "Swish", "Tanh", "ThresholdedRelu", "Where",
    ];

    /// <summary>Whether a node is one of them.</summary>
    public static bool Is(OnnxNode node) => node.Domain is "" or "ai.onnx" && s_operators.Contains(node.Operator) && (node.Operator != "Cast" || GraphConstants.IsFloatCast(node));

    /// <summary>Whether a node leaves numbers as they are.</summary>
    public static bool IsNothing(OnnxNode node) => node.Operator is "Identity" or "Cast";

    /// <summary>Whether a node of one value that flows is a multiplication by, or an addition of, constants.</summary>
    public static bool IsAffine(ChainStep step) =>
        !step.Joins && step.Node.Operator is "Mul" or "Add" or "Sub" or "Neg" or "Div" && !(step.Node.Operator == "Div" && step.DataIndex == 1);

    /// <summary>What a node gives for one number each.</summary>
    /// <param name="node">One of them.</param>
    /// <param name="inputs">Its inputs; null for one left out.</param>
    /// <exception cref="OnnxFormatException">It has too few inputs.</exception>
    public static double Apply(OnnxNode node, ReadOnlySpan<double?> inputs)
    {
        var x = At(inputs, 0);
        switch (node.Operator)
        {
            case "Identity" or "Cast":
                return x;
            case "Abs":
                return Math.Abs(x);
            case "Neg":
                return -x;
            case "Sign":
                return double.IsNaN(x) ? x : Math.Sign(x);
            case "Sqrt":
                return Math.Sqrt(x);
            case "Exp":
                return Math.Exp(x);
            case "Log":
                return Math.Log(x);
            case "Reciprocal":
                return 1 / x;
            case "Erf":
                return ErrorFunction.Erf(x);
            case "Tanh":
                return Math.Tanh(x);
            case "Sigmoid":
                return Sigmoid(x);
            case "Relu":
                return Math.Max(0, x);
            case "Softplus":
                return Softplus(x);
            case "Softsign":
                return x / (1 + Math.Abs(x));
            case "Mish":
                return x * Math.Tanh(Softplus(x));
            case "HardSwish":
                return x * Math.Clamp((x / 6) + 0.5, 0, 1);
            case "HardSigmoid":
                return Math.Clamp((x * node.Single("alpha", 0.2f)) + node.Single("beta", 0.5f), 0, 1);
            case "Swish":
                return x * Sigmoid(x * node.Single("alpha", 1));
            case "ThresholdedRelu":
                return x > node.Single("alpha", 1) ? x : 0;
            case "Gelu":
                return (node.Attributes.TryGetValue("approximate", out var found) && found.Text == "tanh" ? Activation.GeluTanh : Activation.Gelu).ValueAt(x, 0);
            case "LeakyRelu":
                return x < 0 ? x * node.Single("alpha", 0.01f) : x;
            case "Elu":
                return x < 0 ? node.Single("alpha", 1) * ErrorFunction.ExpLessOne(x) : x;
            case "Celu":
                return x < 0 ? node.Single("alpha", 1) * ErrorFunction.ExpLessOne(x / node.Single("alpha", 1)) : x;
            case "Selu":
                return node.Single("gamma", 1.05070102214813232f) * (x < 0 ? node.Single("alpha", 1.67326319217681885f) * ErrorFunction.ExpLessOne(x) : x);
            case "Not":
                return x == 0 ? 1 : 0;
            case "Clip":
                return Math.Min(Math.Max(x, Bound(node, inputs, 1, "min", double.NegativeInfinity)), Bound(node, inputs, 2, "max", double.PositiveInfinity));
            case "Where":
                return x != 0 ? At(inputs, 1) : At(inputs, 2);
            default:
                return Join(node.Operator, x, At(inputs, 1));
        }

        double At(ReadOnlySpan<double?> given, int index) =>
            index < given.Length && given[index] is { } value ? value : throw new OnnxFormatException($"operator {node.Title} lacks an input");
    }

    private static double Join(string operation, double x, double y) => operation switch
    {
        "Add" => x + y,
        "Sub" => x - y,
        "Mul" => x * y,
        "Div" => x / y,
        "Pow" => Math.Pow(x, y),
        "PRelu" => x < 0 ? x * y : x,
        "Max" => Math.Max(x, y),
        "Min" => Math.Min(x, y),
        "Greater" => x > y ? 1 : 0,
        "GreaterOrEqual" => x >= y ? 1 : 0,
        "Less" => x < y ? 1 : 0,
        _ => x <= y ? 1 : 0,
    };

    // Bounds were attributes before version 11 and are inputs since.
    private static double Bound(OnnxNode node, ReadOnlySpan<double?> inputs, int index, string attribute, double none) =>
        index < inputs.Length && inputs[index] is { } bound ? bound : node.Attributes.TryGetValue(attribute, out var found) ? found.Single : none;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));
}

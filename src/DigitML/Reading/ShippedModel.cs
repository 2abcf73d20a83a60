using System.Reflection;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reading;

/// <summary>
/// The model that comes with the library, with its records: recipe <c>reader</c>, trained on MNIST's digits and on pictures
/// made from them. It is inside the assembly, so that it is found wherever the library runs.
/// </summary>
public static class ShippedModel
{
    private static readonly Lazy<Mlp> s_mlp = new(() => Load("digits.onnx"));

    private static readonly Lazy<EvaluationResult> s_evaluation = new(() => EvaluationResult.FromJson(System.Text.Encoding.UTF8.GetString(Read("evaluation.json"))));

    private static readonly Lazy<TrainingHistory> s_history = new(() => TrainingHistory.FromJson(System.Text.Encoding.UTF8.GetString(Read("history.json"))));

    /// <summary>The network: 784 pixels, 0 to 255 and light on dark as MNIST's, to 10 probabilities. Loaded at the first use; immutable.</summary>
    public static Mlp Mlp => s_mlp.Value;

    /// <summary>How it did on MNIST's 10,000 test images.</summary>
    public static EvaluationResult Evaluation => s_evaluation.Value;

    /// <summary>How it was trained.</summary>
    public static TrainingHistory History => s_history.Value;

    /// <summary>A model inside the assembly.</summary>
    internal static Mlp Load(string name) => Mlp.Load(Read(name));

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"DigitML.Shipped.{name}")
            ?? throw new InvalidOperationException($"The library was built without its {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

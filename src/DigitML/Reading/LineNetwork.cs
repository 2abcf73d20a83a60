using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reading;

/// <summary>
/// A perceptron that slides along a line of writing and says at each step which digit stands there, or none: it has learnt from whole lines by
/// <see cref="TemporalClassification"/>, without ever being told where one digit ends.
/// </summary>
internal sealed class LineNetwork
{
    /// <summary>The ten digits and, last, none.</summary>
    public const int Classes = 11;

    private static readonly Lazy<LineNetwork> s_shipped = new(() => new LineNetwork(ShippedModel.Load("lines.onnx")));

    private readonly Mlp _model;

    /// <summary>The one that comes with the library; loaded at the first use.</summary>
    public static LineNetwork Shipped => s_shipped.Value;

    /// <summary>Takes a network of <see cref="LineStrip.WindowSize"/> pixels and <see cref="Classes"/> classes.</summary>
    public LineNetwork(Mlp model) => _model = model.InputCount == LineStrip.WindowSize && model.ClassCount == Classes
        ? model
        : throw new ArgumentException(Invariant($"Reading lines needs a model of {LineStrip.WindowSize} pixels and {Classes} classes; got {model.InputCount} and {model.ClassCount}."), nameof(model));

    /// <summary>Slides along a strip.</summary>
    public LineAnswers Ask(LineStrip strip)
    {
        var probabilities = new float[strip.Steps * Classes];
        _model.PredictBatch(strip.Windows(), probabilities, threads: 1);
        return new LineAnswers(strip, probabilities);
    }
}

/// <summary>What a <see cref="LineNetwork"/> says at each step of a strip.</summary>
internal sealed class LineAnswers
{
    /// <summary>What is less likely than this says no more.</summary>
    private const double LeastLogLikelihood = -12;

    private const float LeastProbability = 1e-6f;

    private readonly float[] _logProbabilities;

    /// <summary>Takes answers.</summary>
    /// <param name="strip">Of which they are.</param>
    /// <param name="probabilities">[steps, classes]; becomes their logarithms.</param>
    public LineAnswers(LineStrip strip, float[] probabilities)
    {
        (Strip, _logProbabilities) = (strip, probabilities);
        foreach (ref var probability in probabilities.AsSpan())
        {
            probability = MathF.Log(MathF.Max(LeastProbability, probability));
        }
    }

    /// <summary>Of which they are.</summary>
    public LineStrip Strip { get; }

    /// <summary>[steps, classes].</summary>
    public ReadOnlySpan<float> LogProbabilities => _logProbabilities;

    /// <summary>The line's text as this network alone has it, by the likeliest path.</summary>
    public string Text
    {
        get
        {
            var digits = new byte[Strip.Steps];
            var count = TemporalClassification.BestPath(_logProbabilities, LineNetwork.Classes, digits);
            return string.Concat(digits[..count].Select(digit => (char)('0' + digit)));
        }
    }

    /// <summary>How likely some columns of the picture are, at their steps, each digit and nothing else, and how likely no digit.</summary>
    /// <param name="left">The first column; any before the line's beginning for all from there.</param>
    /// <param name="right">The column after the last; any beyond the line's end for all up to there.</param>
    /// <returns>Logarithms, at least <see cref="LeastLogLikelihood"/>.</returns>
    public (double[] Digits, double None) Between(double left, double right)
    {
        var first = Math.Clamp((int)Math.Round((left - Strip.Left) * Strip.Scale / LineStrip.Stride), 0, Strip.Steps - 1);
        var past = Math.Clamp((int)Math.Round((right - Strip.Left) * Strip.Scale / LineStrip.Stride), first + 1, Strip.Steps);
        var steps = _logProbabilities.AsSpan(first * LineNetwork.Classes, (past - first) * LineNetwork.Classes);
        var digits = new double[LineNetwork.Classes - 1];
        for (var digit = 0; digit < digits.Length; digit++)
        {
            digits[digit] = Math.Max(LeastLogLikelihood, TemporalClassification.LogLikelihood(steps, LineNetwork.Classes, [(byte)digit]));
        }

        return (digits, Math.Max(LeastLogLikelihood, TemporalClassification.LogLikelihood(steps, LineNetwork.Classes, [])));
    }
}

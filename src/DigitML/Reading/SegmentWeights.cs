using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.Reading;

/// <summary>What the features of a segment count together: a weighted sum of them, and of some units that are each a squashed sum of them again.</summary>
/// <remarks>
/// Learnt as those of a semi-Markov conditional random field (Sarawagi and Cohen 2004) whose potentials are a small network (as in Do and Artières
/// 2010): they make the right texts of made strings as probable as they can be among all readings of their lattices.
/// <c>tests/DigitML.Measure</c> learns them (<c>segments MODEL FILE</c>) from MNIST's training digits.
/// </remarks>
/// <param name="Features">The features' names, in their order.</param>
/// <param name="Linear">[features]: what each counts by itself.</param>
/// <param name="Units">What they count together.</param>
internal sealed record SegmentWeights(IReadOnlyList<string> Features, double[] Linear, IReadOnlyList<SegmentUnit> Units)
{
    private static readonly Lazy<SegmentWeights> s_shipped = new(() =>
    {
        using var file = typeof(SegmentWeights).Assembly.GetManifestResourceStream("DigitML.Shipped.segments.json")!;
        return JsonSerializer.Deserialize(file, SegmentWeightsJson.Default.SegmentWeights)!;
    });

    /// <summary>Those of the model that ships.</summary>
    public static SegmentWeights Shipped => s_shipped.Value;

    /// <summary>The score of a segment.</summary>
    /// <param name="features">[features] what was measured of it.</param>
    public double Score(ReadOnlySpan<double> features)
    {
        var score = Dot(Linear, features);
        foreach (var unit in Units)
        {
            score += unit.Counts * Math.Tanh(unit.Bias + Dot(unit.Weights, features));
        }

        return score;
    }

    /// <summary>A weighted sum.</summary>
    public static double Dot(double[] weights, ReadOnlySpan<double> features)
    {
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            sum += weights[i] * features[i];
        }

        return sum;
    }
}

/// <summary>One unit: it counts so much times the hyperbolic tangent of a weighted sum.</summary>
/// <param name="Weights">[features].</param>
/// <param name="Bias">Is added to the sum.</param>
/// <param name="Counts">What it counts.</param>
internal sealed record SegmentUnit(double[] Weights, double Bias, double Counts);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SegmentWeights))]
internal sealed partial class SegmentWeightsJson : JsonSerializerContext;

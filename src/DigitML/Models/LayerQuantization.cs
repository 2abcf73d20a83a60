namespace DigitML.Models;

/// <summary>
/// How a dense layer is worked out in whole numbers (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
/// Integer-Arithmetic-Only Inference", https://arxiv.org/abs/1712.05877): each output's weights in steps of their own, −63 to 63, and what the
/// layer gives, after its activation, as bytes: <c>value ≈ (byte − OutputZero) · OutputScale</c>.
/// </summary>
/// <remarks>
/// Weights of 7 bits rather than 8: AVX2's instruction for bytes adds two products in 16 bits, which 2 · 255 · 63 fit and 2 · 255 · 127 do not.
/// </remarks>
public sealed class LayerQuantization
{
    /// <summary>Wraps the numbers; nothing is copied, so the array must not change afterwards.</summary>
    /// <param name="weightSteps">[outputs] what a step of each output's weights is worth: finite and above 0.</param>
    /// <param name="outputScale">What a step of the layer's results is worth: finite and above 0. The last layer's is not used.</param>
    /// <param name="outputZero">The byte that stands for 0 among them.</param>
    /// <exception cref="ArgumentException">A step is not finite, or not above 0.</exception>
    public LayerQuantization(ReadOnlyMemory<float> weightSteps, float outputScale = 1, byte outputZero = 0)
    {
        for (var i = 0; i < weightSteps.Length; i++)
        {
            Check(weightSteps.Span[i], nameof(weightSteps));
        }

        Check(outputScale, nameof(outputScale));
        (WeightSteps, OutputScale, OutputZero) = (weightSteps, outputScale, outputZero);
    }

    /// <summary>[outputs] what a step of each output's weights is worth.</summary>
    public ReadOnlyMemory<float> WeightSteps { get; }

    /// <summary>What a step of the layer's results is worth.</summary>
    public float OutputScale { get; }

    /// <summary>The byte that stands for 0 among the results.</summary>
    public byte OutputZero { get; }

    private static void Check(float step, string argument)
    {
        // Whoever divides by a step divides by no denormal: its inverse need not be finite.
        if (!float.IsNormal(step) || step < 0 || !float.IsFinite(1 / step))
        {
            throw new ArgumentException(Invariant($"A step must be finite and greater than 0, and its inverse finite; got {step}."), argument);
        }
    }
}

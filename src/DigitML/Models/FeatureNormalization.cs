namespace DigitML.Models;

/// <summary>What happens to the features of a table before the first layer: <c>(x − mean) · scale</c>, each by numbers of its own.</summary>
public sealed class FeatureNormalization
{
    /// <summary>Wraps the numbers; nothing is copied, so the arrays must not change afterwards.</summary>
    /// <param name="mean">[features], finite.</param>
    /// <param name="scale">[features], finite; 0 leaves a feature out.</param>
    /// <exception cref="ArgumentException">Lengths differ or are 0, or a number is not finite.</exception>
    public FeatureNormalization(ReadOnlyMemory<float> mean, ReadOnlyMemory<float> scale)
    {
        if (mean.IsEmpty || mean.Length != scale.Length)
        {
            throw new ArgumentException(Invariant($"Expected as many means as scales, at least one; got {mean.Length} and {scale.Length}."));
        }

        for (var i = 0; i < mean.Length; i++)
        {
            if (!float.IsFinite(mean.Span[i]) || !float.IsFinite(scale.Span[i]))
            {
                throw new ArgumentException(Invariant($"Normalisation must be finite; feature {i} has mean {mean.Span[i]} and scale {scale.Span[i]}."));
            }
        }

        (Mean, Scale) = (mean, scale);
    }

    /// <summary>[features] what is subtracted.</summary>
    public ReadOnlyMemory<float> Mean { get; }

    /// <summary>[features] what the difference is multiplied by.</summary>
    public ReadOnlyMemory<float> Scale { get; }

    /// <summary>How many features there are.</summary>
    public int Count => Mean.Length;

    /// <summary>All features multiplied by one number.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="scale">Finite.</param>
    public static FeatureNormalization Uniform(int count, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var scales = new float[count];
        Array.Fill(scales, scale);
        return new FeatureNormalization(new float[count], scales);
    }
}

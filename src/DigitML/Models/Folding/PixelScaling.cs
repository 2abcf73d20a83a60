namespace DigitML.Models.Folding;

/// <summary>What happens to pixel values before the first layer of a model that another program wrote, and what such models were trained on.</summary>
internal static class PixelScaling
{
    /// <summary>
    /// A model for values 0 to 255 shrinks them (1/255 is 0.004, with a deviation of 0.3 it is 0.013); one for values
    /// in [0, 1] does not (a deviation of 0.3 alone is 3.3, a spread to [−1, 1] is 2). This lies far from both.
    /// </summary>
    private const double ShrinksBelow = 0.1;

    /// <summary>Values in [0, 1] have a mean of at most 1; one well beyond was taken of values 0 to 255.</summary>
    private const double MeanBeyond = 1.5;

    /// <summary>Whether what a model does to its input itself tells that it takes pixel values as they are.</summary>
    /// <param name="own">What the model does.</param>
    /// <param name="farthestMean">The mean farthest from 0 that it subtracts, in units of its input.</param>
    public static bool IsForBytes(Affine own, double farthestMean) => own.Gentlest < ShrinksBelow || farthestMean > MeanBeyond;

    /// <summary>Divides what is done to pixels into what a model's normalisation holds and what is left for its first layer.</summary>
    /// <param name="outer">What is done before the model.</param>
    /// <param name="own">What the model does itself.</param>
    /// <returns>The two; null when they are not finite.</returns>
    public static (PixelNormalization Normalization, Affine Left)? Divide(PixelNormalization outer, Affine own)
    {
        if (own.IsIdentity)
        {
            return (outer, Affine.Identity);
        }

        var all = Affine.Of(outer.Scale / (double)outer.Deviation, -outer.Mean / (double)outer.Deviation).Then(own);
        if (all.IsScalar)
        {
            var whole = new PixelNormalization((float)all.Factor(0), (float)-all.Offset(0), 1);
            return float.IsFinite(whole.Scale) && float.IsFinite(whole.Mean) ? (whole, Affine.Identity) : null;
        }

        // One number a pixel goes into the weights. Pixels are brought to [0, 1] first, as for any other model.
        return (PixelNormalization.UnitRange, Affine.Of(1 / (double)PixelNormalization.UnitRange.Scale, 0).Then(all));
    }
}

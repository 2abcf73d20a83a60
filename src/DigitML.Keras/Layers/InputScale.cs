using DigitML.Models;
using DigitML.Models.Folding;

namespace DigitML.Keras.Layers;

/// <summary>
/// What happens to pixel values before the first dense layer: what the caller says, what the model's own layers do and, where both are
/// silent, what Keras's examples do.
/// </summary>
/// <param name="options">What the caller says.</param>
/// <param name="written">What the file says, as those that DigitML wrote do; null when it does not.</param>
internal sealed class InputScale(KerasLoadOptions options, PixelNormalization? written)
{
    private Affine _model = Affine.Identity;
    private (float[] Mean, float[] Scale)? _features;

    /// <summary>The part that the network's normalisation holds; valid once <see cref="Resolve"/> was called.</summary>
    public PixelNormalization Normalization { get; private set; }

    /// <summary>What was taken and why, for the network's metadata.</summary>
    public string Reason { get; private set; } = "stated";

    /// <summary>Takes a layer that scales.</summary>
    public void Add(AffineStep step) => _model = NetworkBuilder.Then(_model, step);

    /// <summary>Decides on <see cref="Normalization"/>.</summary>
    /// <param name="inputs">Inputs of the first dense layer.</param>
    /// <returns>What is left for the first dense layer.</returns>
    public Affine Resolve(int inputs)
    {
        if (options.TakesFeatures)
        {
            return ResolveFeatures(inputs);
        }

        var isBytes = PixelScaling.IsForBytes(_model, _model.FarthestZero);
        Reason = options.Normalization is not null || (written is not null && !isBytes) ? "stated" : isBytes ? "0-255, by the model's layers" : "0-1, by default";
        var outer = options.Normalization ?? written ?? (isBytes ? new PixelNormalization(1, 0, 1) : PixelNormalization.UnitRange);
        (Normalization, var rest) = PixelScaling.Divide(outer, _model) ?? throw new KerasFormatException("what it does to pixels before the first dense layer is not finite");
        return rest;
    }

    /// <summary>The same for a model that takes the features of a table.</summary>
    /// <param name="count">Features.</param>
    public FeatureNormalization Features(int count) => _features is { } features ? new FeatureNormalization(features.Mean, features.Scale) : FeatureNormalization.Uniform(count, 1);

    // (x − mean) · scale, where it is as good in float32 as in double: as Save writes it, so that it comes back bit for bit.
    private Affine ResolveFeatures(int inputs)
    {
        var (mean, scale) = (new float[inputs], new float[inputs]);
        var isExact = _model.Length == inputs && !_model.IsIdentity;
        for (var i = 0; i < inputs && isExact; i++)
        {
            var (factor, offset) = (_model.Factor(i), _model.Offset(i));
            scale[i] = (float)factor;
            mean[i] = scale[i] == 0 ? 0 : (float)(-offset / factor);
            isExact = scale[i] == factor && float.IsFinite(mean[i]) && offset == -(mean[i] * (double)scale[i]);
        }

        if (!isExact)
        {
            return _model;
        }

        _features = (mean, scale);
        return Affine.Identity;
    }
}

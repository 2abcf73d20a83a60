using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>
/// What happens to pixel values before the first dense layer: what the caller says, what the model's own layers do and, where both are
/// silent, what Keras's examples do.
/// </summary>
/// <param name="options">What the caller says.</param>
/// <param name="written">What the file says, as those that DigitML wrote do; null when it does not.</param>
internal sealed class InputScale(KerasLoadOptions options, PixelNormalization? written)
{
    /// <summary>Layers for values 0 to 255 shrink them (1/255 is 0.004, with a deviation of 0.3 it is 0.013); those for values in [0, 1] do not.</summary>
    private const double ShrinksBelow = 0.1;

    /// <summary>Means of values in [0, 1] lie in there.</summary>
    private const double LargestUnitMean = 1.5;

    private static readonly PixelNormalization None = new(1, 0, 1);

    private (double[] Factor, double[] Offset) _model = ([1], [0]);
    private (float[] Mean, float[] Scale)? _features;

    /// <summary>The part that the network's normalisation holds; valid once <see cref="Resolve"/> was called.</summary>
    public PixelNormalization Normalization { get; private set; }

    /// <summary>What was taken and why, for the network's metadata.</summary>
    public string Reason { get; private set; } = "stated";

    /// <summary>Takes a layer that scales.</summary>
    public void Add(AffineStep affine) => _model = Then(_model, affine);

    /// <summary>One pair of factors and offsets that does what two do, one after the other.</summary>
    public static (double[] Factor, double[] Offset) Then((double[] Factor, double[] Offset) first, AffineStep next)
    {
        var (have, add) = (first.Factor.Length, next.Factor.Length);
        KerasFormatException.Require(have == 1 || add == 1 || have == add, Invariant($"layer {KerasFormatException.Quote(next.Layer)} has {add} numbers for {have} values"));
        var length = Math.Max(have, add);
        var (factor, offset) = (new double[length], new double[length]);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (Math.Min(i, have - 1), Math.Min(i, add - 1));
            factor[i] = first.Factor[a] * next.Factor[b];
            offset[i] = (first.Offset[a] * next.Factor[b]) + next.Offset[b];
        }

        return (factor, offset);
    }

    /// <summary>Decides on <see cref="Normalization"/>.</summary>
    /// <param name="inputs">Inputs of the first dense layer.</param>
    /// <returns>What is left for the first dense layer; null for nothing.</returns>
    public AffineStep? Resolve(int inputs)
    {
        if (options.TakesFeatures)
        {
            return ResolveFeatures(inputs);
        }

        var stated = options.Normalization ?? written;
        var isBytes = IsForBytes();
        Reason = options.Normalization is not null || (written is not null && !isBytes) ? "stated" : isBytes ? "0-255, by the model's layers" : "0-1, by default";
        var outer = stated ?? (isBytes ? None : PixelNormalization.UnitRange);
        if (_model is ([1], [0]))
        {
            Normalization = outer;
            return null;
        }

        var all = outer == None ? _model : Then(([outer.Scale / (double)outer.Deviation], [-outer.Mean / (double)outer.Deviation]), new AffineStep("", _model.Factor, _model.Offset));
        if (all.Factor.Length == 1)
        {
            Normalization = new PixelNormalization((float)all.Factor[0], (float)-all.Offset[0], 1);
            KerasFormatException.Require(float.IsFinite(Normalization.Scale) && float.IsFinite(Normalization.Mean), "what it does to pixels before the first dense layer is not finite");
            return null;
        }

        // One number a pixel goes into the weights. Pixels are brought to [0, 1] first, as for any other model.
        Normalization = PixelNormalization.UnitRange;
        var (factor, offset) = Then(([1 / (double)PixelNormalization.UnitRange.Scale], [0]), new AffineStep("", all.Factor, all.Offset));
        return new AffineStep("the input", factor, offset);
    }

    /// <summary>The same for a model that takes the features of a table.</summary>
    /// <param name="count">Features.</param>
    public FeatureNormalization Features(int count) => _features is { } features ? new FeatureNormalization(features.Mean, features.Scale) : FeatureNormalization.Uniform(count, 1);

    private bool IsForBytes() => _model.Factor.Max(Math.Abs) < ShrinksBelow || _model.Factor.Zip(_model.Offset).Any(pair => Math.Abs(pair.Second) > LargestUnitMean * Math.Abs(pair.First));

    // (x − mean) · scale, where it is as good in float32 as in double: as Save writes it, so that it comes back bit for bit.
    private AffineStep? ResolveFeatures(int inputs)
    {
        if (_model is ([1], [0]))
        {
            return null;
        }

        var (mean, scale) = (new float[inputs], new float[inputs]);
        var isExact = _model.Factor.Length == inputs;
        for (var i = 0; i < inputs && isExact; i++)
        {
            scale[i] = (float)_model.Factor[i];
            mean[i] = scale[i] == 0 ? 0 : (float)(-_model.Offset[i] / _model.Factor[i]);
            isExact = scale[i] == _model.Factor[i] && float.IsFinite(mean[i]) && _model.Offset[i] == -(mean[i] * (double)scale[i]);
        }

        if (isExact)
        {
            _features = (mean, scale);
            return null;
        }

        return new AffineStep("the input", _model.Factor, _model.Offset);
    }
}

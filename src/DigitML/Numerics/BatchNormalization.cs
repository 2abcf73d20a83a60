using System.Numerics;

namespace DigitML.Numerics;

/// <summary>
/// Batch normalisation of a layer's sums before its activation (Ioffe and Szegedy 2015): <c>scale · (sum − mean) / √(variance + ε) + bias</c>, mean and
/// variance of the batch; the layer's own bias comes after. Every unit is a column that one thread goes down, so sharing the work changes nothing.
/// Gradients are held against central differences.
/// </summary>
internal sealed unsafe class BatchNormalization
{
    /// <summary>As Keras.</summary>
    private const float Epsilon = 1e-3f;

    private readonly PanelMatrix _normalized;
    private readonly PanelMatrix _inverse;
    private readonly PanelMatrix? _noise;
    private readonly float _noiseDeviation;

    /// <summary>Allocates, scales 1 and variances 1.</summary>
    /// <param name="batchRows">Rows of a batch, padded.</param>
    /// <param name="outputs">Units.</param>
    /// <param name="noise">Deviation of what is added to normalised sums before they are scaled; 0 for nothing.</param>
    public BatchNormalization(int batchRows, int outputs, float noise = 0)
    {
        _noise = noise > 0 ? new PanelMatrix(batchRows, outputs) : null;
        _noiseDeviation = noise;
        _normalized = new PanelMatrix(batchRows, outputs);
        _inverse = new PanelMatrix(1, outputs);
        (Scale, ScaleState1, ScaleState2, ScaleGradient) = (new(1, outputs), new(1, outputs), new(1, outputs), new(1, outputs));
        (BiasGradient, Mean, Variance, AverageScale) = (new(1, outputs), new(1, outputs), new(1, outputs), new(1, outputs));
        Scale.Span.Fill(1);
        AverageScale.Span.Fill(1);
        Variance.Span.Fill(1);
    }

    /// <summary>[1, outputs].</summary>
    public PanelMatrix Scale { get; }

    /// <summary>The optimizer's first moment or velocity of the scales.</summary>
    public PanelMatrix ScaleState1 { get; }

    /// <summary>The optimizer's second moment.</summary>
    public PanelMatrix ScaleState2 { get; }

    /// <summary>The moving average of the scales, where one is kept.</summary>
    public PanelMatrix AverageScale { get; }

    /// <summary>The loss's gradient by the scales, after <see cref="Backward"/>.</summary>
    public PanelMatrix ScaleGradient { get; }

    /// <summary>The loss's gradient by the layer's biases, after <see cref="Backward"/>.</summary>
    public PanelMatrix BiasGradient { get; }

    /// <summary>Moving mean of the sums without the bias.</summary>
    public PanelMatrix Mean { get; }

    /// <summary>Moving variance of the sums.</summary>
    public PanelMatrix Variance { get; }

    /// <summary>All that a training goes on with.</summary>
    public IEnumerable<PanelMatrix> Buffers => [Scale, ScaleState1, ScaleState2, AverageScale, Mean, Variance];

    /// <summary>Normalises some panels of a batch's sums.</summary>
    /// <param name="layer">Whose sums they are, its bias added.</param>
    /// <param name="sums">[batch rows, outputs]; overwritten.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="share">What the moving mean and variance take of the batch's.</param>
    /// <param name="rectify">Whether ReLU follows.</param>
    /// <param name="noiseKey">Of the step and the layer, for the noise.</param>
    /// <param name="panels">First panel and one past the last.</param>
    public void Forward(PanelLayer layer, in PanelMatrix sums, int count, float share, bool rectify, ulong noiseKey, (int Start, int End) panels)
    {
        if (_noise is { } noise)
        {
            GaussianNoise.Fill(noise, _noiseDeviation, noiseKey, count, panels);
        }

        var least = new Vector<float>(rectify ? 0f : float.NegativeInfinity);
        for (var column = panels.Start * Panels.Width; column < panels.End * Panels.Width; column += Vector<float>.Count)
        {
            var first = sums.At(0, column);
            var bias = Vector.Load(layer.Bias.Pointer + column);
            var mean = Vector<float>.Zero;
            for (var row = 0; row < count; row++)
            {
                mean += Vector.Load(first + (row * Panels.Width));
            }

            mean /= new Vector<float>(count);
            var variance = Vector<float>.Zero;
            for (var row = 0; row < count; row++)
            {
                var difference = Vector.Load(first + (row * Panels.Width)) - mean;
                variance += difference * difference;
            }

            variance /= new Vector<float>(count);
            var inverse = Vector<float>.One / Vector.SquareRoot(variance + new Vector<float>(Epsilon));
            inverse.Store(_inverse.Pointer + column);
            var scale = Vector.Load(Scale.Pointer + column);
            var normalized = _normalized.At(0, column);
            for (var row = 0; row < count; row++)
            {
                var value = (Vector.Load(first + (row * Panels.Width)) - mean) * inverse;
                value.Store(normalized + (row * Panels.Width));
                value = WithNoise(value, row, column);
                Vector.Max(least, (value * scale) + bias).Store(first + (row * Panels.Width));
            }

            Blend(Mean.Pointer + column, mean - bias, share);
            Blend(Variance.Pointer + column, variance, share);
        }
    }

    /// <summary>Takes the gradient of some panels back through the normalisation, and finds those of scales and biases.</summary>
    /// <param name="gradient">By what <see cref="Forward"/> gave; becomes that by the sums, both ways round.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="panels">First panel and one past the last.</param>
    public void Backward(in LayerGradient gradient, int count, (int Start, int End) panels)
    {
        var (byRow, transposed) = (gradient.ByRow, gradient.Transposed);
        for (var column = panels.Start * Panels.Width; column < panels.End * Panels.Width; column += Vector<float>.Count)
        {
            var first = byRow.At(0, column);
            var normalized = _normalized.At(0, column);
            var (sum, product, noisy) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var row = 0; row < count; row++)
            {
                var value = Vector.Load(first + (row * Panels.Width));
                sum += value;
                var clean = Vector.Load(normalized + (row * Panels.Width));
                product += value * clean;
                noisy += value * WithNoise(clean, row, column);
            }

            sum.Store(BiasGradient.Pointer + column);
            noisy.Store(ScaleGradient.Pointer + column);
            var factor = Vector.Load(Scale.Pointer + column) * Vector.Load(_inverse.Pointer + column);
            var (mean, slope) = (sum / new Vector<float>(count), product / new Vector<float>(count));
            for (var row = 0; row < count; row++)
            {
                var at = first + (row * Panels.Width);
                ((Vector.Load(at) - mean - (Vector.Load(normalized + (row * Panels.Width)) * slope)) * factor).Store(at);
                for (var i = 0; i < Vector<float>.Count; i++)
                {
                    *transposed.At(column + i, row) = at[i];
                }
            }
        }
    }

    /// <summary>Puts the normalisation by the moving mean and variance into weights and biases that need none.</summary>
    /// <param name="layer">Trained weights and biases.</param>
    /// <param name="scale">The scales that go with them.</param>
    /// <param name="target">Of the same shape; overwritten.</param>
    public void Fold(PanelLayer layer, in PanelMatrix scale, PanelLayer target)
    {
        for (var unit = 0; unit < layer.Outputs; unit++)
        {
            var factor = scale[0, unit] / MathF.Sqrt(Variance[0, unit] + Epsilon);
            for (var input = 0; input < layer.Inputs; input++)
            {
                target.Weights[input, unit] = layer.Weights[input, unit] * factor;
            }

            target.Bias[0, unit] = layer.Bias[0, unit] - (Mean[0, unit] * factor);
        }
    }

    private Vector<float> WithNoise(Vector<float> value, int row, int column) =>
        _noise is { } noise ? value + Vector.Load(noise.At(row, column)) : value;

    private static void Blend(float* moving, Vector<float> value, float share) =>
        ((Vector.Load(moving) * new Vector<float>(1f - share)) + (value * new Vector<float>(share))).Store(moving);
}

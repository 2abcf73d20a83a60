namespace DigitML.Numerics;

/// <summary>
/// Cuts the weights into each unit back to a greatest length (Srivastava et al. 2014, section 5.1). A unit's weights are a column of one
/// panel, summed from first to last by one thread, so sharing the work changes nothing.
/// </summary>
internal static unsafe class MaxNorm
{
    /// <summary>Cuts back the units of some panels.</summary>
    /// <param name="layer">The layer; biases do not count.</param>
    /// <param name="limit">Greatest length, above 0.</param>
    /// <param name="firstPanel">The first panel of units.</param>
    /// <param name="endPanel">One past the last.</param>
    public static void Apply(PanelLayer layer, float limit, int firstPanel, int endPanel)
    {
        var squares = stackalloc float[Panels.Width];
        var factors = stackalloc float[Panels.Width];
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            var weights = new Span<float>(layer.Weights.Tile(panel, 0), layer.PaddedInputs * Panels.Width);
            var sums = new Span<float>(squares, Panels.Width);
            sums.Clear();
            for (var row = 0; row < weights.Length; row += Panels.Width)
            {
                AddSquares(weights.Slice(row, Panels.Width), sums);
            }

            var isAnyLong = false;
            for (var unit = 0; unit < Panels.Width; unit++)
            {
                var isLong = squares[unit] > limit * limit;
                factors[unit] = isLong ? limit / MathF.Sqrt(squares[unit]) : 1f;
                isAnyLong |= isLong;
            }

            for (var row = 0; isAnyLong && row < weights.Length; row += Panels.Width)
            {
                System.Numerics.Tensors.TensorPrimitives.Multiply(weights.Slice(row, Panels.Width), new ReadOnlySpan<float>(factors, Panels.Width), weights.Slice(row, Panels.Width));
            }
        }
    }

    private static void AddSquares(ReadOnlySpan<float> row, Span<float> sums)
    {
        Span<float> squares = stackalloc float[Panels.Width];
        System.Numerics.Tensors.TensorPrimitives.Multiply(row, row, squares);
        System.Numerics.Tensors.TensorPrimitives.Add(sums, squares, sums);
    }
}

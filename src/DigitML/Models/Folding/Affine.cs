namespace DigitML.Models.Folding;

/// <summary>
/// value · factor + offset for each element of a vector: what a chain of Mul, Div, Sub and Add by constants comes to.
/// Worked out in double so that folding it into float32 weights rounds once.
/// </summary>
internal sealed class Affine
{
    /// <summary>Changes nothing.</summary>
    public static Affine Identity { get; } = new([1], [0]);

    private readonly double[] _factor;
    private readonly double[] _offset;

    private Affine(double[] factor, double[] offset)
    {
        _factor = factor;
        _offset = offset;
    }

    /// <summary>Elements, or 1 where all are treated alike.</summary>
    public int Length => _factor.Length;

    /// <summary>Whether all elements are treated alike.</summary>
    public bool IsScalar => _factor.Length == 1;

    public bool IsIdentity => _factor.All(factor => factor == 1) && _offset.All(offset => offset == 0);

    /// <summary>The smallest factor that is not 0, whatever its sign; infinity when all are.</summary>
    public double Gentlest => _factor.Where(factor => factor != 0).Select(Math.Abs).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>The value that comes out as 0 and lies farthest from 0, whatever its sign: of (x − mean) / deviation the mean.</summary>
    public double FarthestZero => Enumerable.Range(0, _factor.Length).Where(i => _factor[i] != 0).Select(i => Math.Abs(_offset[i] / _factor[i])).DefaultIfEmpty(0).Max();

    public static Affine Of(double factor, double offset) => new([factor], [offset]);

    /// <summary>A factor and an offset for each element.</summary>
    public static Affine Of(double[] factor, double[] offset) => new(factor, offset);

    /// <summary>The same for elements that stand in another order.</summary>
    /// <param name="order">For each new place the old one.</param>
    public Affine Reordered(int[] order) => IsScalar ? this : new([.. order.Select(old => _factor[old])], [.. order.Select(old => _offset[old])]);

    /// <summary>Adds a number to each element.</summary>
    public static Affine Shift(double[] numbers) => new([.. numbers.Select(_ => 1.0)], numbers);

    /// <summary>Multiplies each element by a number.</summary>
    public static Affine Scale(double[] numbers) => new(numbers, [.. numbers.Select(_ => 0.0)]);

    public double Factor(int element) => _factor[IsScalar ? 0 : element];

    public double Offset(int element) => _offset[IsScalar ? 0 : element];

    /// <summary>This, and then another of the same length or of one element.</summary>
    public Affine Then(Affine next)
    {
        var length = Math.Max(_factor.Length, next._factor.Length);
        var (factor, offset) = (new double[length], new double[length]);
        for (var i = 0; i < length; i++)
        {
            factor[i] = Factor(i) * next.Factor(i);
            offset[i] = Offset(i) * next.Factor(i) + next.Offset(i);
        }

        return new Affine(factor, offset);
    }
}

using System.Runtime.CompilerServices;

namespace DigitML.Numerics;

/// <summary>
/// The activations that are not ReLU, on tiles that a product has just stored: value in place and, for training, the
/// derivative beside it. Exponentials are within two units of float's last place, GELU's distribution within 4e-8.
/// Checked by <c>ActivationKernelTests</c> against doubles.
/// </summary>
internal sealed unsafe partial class VectorKernels<TVector, TSimd>
{
    /// <summary>An activation and its derivative on a vector of sums.</summary>
    private interface IUnit
    {
        static abstract TVector Value(TVector x, TVector parameter);

        /// <param name="x">The sums.</param>
        /// <param name="value">What <see cref="Value"/> made of them.</param>
        /// <param name="parameter">The units' numbers.</param>
        static abstract TVector Slope(TVector x, TVector value, TVector parameter);
    }

    private static TVector One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Broadcast(1f);
    }

    /// <inheritdoc/>
    public override void Activate(UnitFunction function, in PanelMatrix values, in PanelMatrix slopes, int rows, in TileRange tiles)
    {
        switch (function.Kind)
        {
            case UnitFunctionKind.Identity:
                Activate<IdentityUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Relu:
                Activate<ReluUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.LeakyRelu:
                Activate<LeakyReluUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Elu:
                Activate<EluUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Gelu:
                Activate<GeluUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.GeluTanh:
                Activate<GeluTanhUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Silu:
                Activate<SiluUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Tanh:
                Activate<TanhUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Sigmoid:
                Activate<SigmoidUnit>(function, values, slopes, rows, tiles);
                break;
            case UnitFunctionKind.Relu6:
                Activate<Relu6Unit>(function, values, slopes, rows, tiles);
                break;
        }

        GC.KeepAlive(function);
    }

    private static void Activate<TUnit>(UnitFunction function, in PanelMatrix values, in PanelMatrix slopes, int rows, in TileRange tiles)
        where TUnit : struct, IUnit
    {
        var (columns, withSlopes) = (values.Columns, slopes.Pointer != null);
        for (var tile = tiles.Start; tile < tiles.End; tile++)
        {
            var (panel, rowTile) = Math.DivRem(tile, tiles.RowTiles);
            var tileRows = Math.Min(TileRows, rows - (rowTile * TileRows));
            var parameters = function.Parameters.Pointer + (panel * Panels.Width);
            ActivateTile<TUnit>(values.Tile(panel, rowTile), withSlopes ? slopes.Tile(panel, rowTile) : null, parameters, tileRows);

            // Columns of padding stay 0 through every layer; sigmoid would make them 0.5.
            if ((panel + 1) * Panels.Width > columns)
            {
                var used = columns - (panel * Panels.Width);
                Clear(values.Tile(panel, rowTile), used, tileRows);
                if (withSlopes)
                {
                    Clear(slopes.Tile(panel, rowTile), used, tileRows);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ActivateTile<TUnit>(float* values, float* slopes, float* parameters, int rows)
        where TUnit : struct, IUnit
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Panels.Width; column += TSimd.Width)
            {
                var at = (row * Panels.Width) + column;
                var x = TSimd.Load(values + at);
                var parameter = TSimd.Load(parameters + column);
                var value = TUnit.Value(x, parameter);
                TSimd.Store(value, values + at);
                if (slopes != null)
                {
                    TSimd.Store(TUnit.Slope(x, value, parameter), slopes + at);
                }
            }
        }
    }

    private static void Clear(float* tile, int used, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            new Span<float>(tile + (row * Panels.Width) + used, Panels.Width - used).Clear();
        }
    }

    /// <summary>
    /// What exp(x) is made of, 2ⁿ and exp(r) − 1: x = n · ln 2 + r with |r| at most half of ln 2, and exp(r) − 1
    /// by its series to r⁷/5040, whose next term is below 1e-8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Power, TVector LessOne) Reduce(TVector x)
    {
        // Both ends are normal numbers: exp(−87) = 1.6e-38, exp(88) = 1.7e38.
        x = TSimd.Min(TSimd.Broadcast(88f), TSimd.Max(TSimd.Broadcast(-87f), x));
        var shift = TSimd.Broadcast(12_582_912f);
        var shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), shift);
        var n = TSimd.Subtract(shifted, shift);

        // ln 2 in two parts, the first so short that n times it is exact.
        var r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), r);
        var series = TSimd.Broadcast(1f / 5040f);
        series = TSimd.MultiplyAdd(series, r, TSimd.Broadcast(1f / 720f));
        series = TSimd.MultiplyAdd(series, r, TSimd.Broadcast(1f / 120f));
        series = TSimd.MultiplyAdd(series, r, TSimd.Broadcast(1f / 24f));
        series = TSimd.MultiplyAdd(series, r, TSimd.Broadcast(1f / 6f));
        series = TSimd.MultiplyAdd(series, r, TSimd.Broadcast(0.5f));
        return (TSimd.PowerOfTwo(shifted), TSimd.MultiplyAdd(TSimd.Multiply(series, r), r, r));
    }

    /// <summary>exp(x), x held to [−87, 88].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exp(TVector x)
    {
        var (power, rest) = Reduce(x);
        return TSimd.MultiplyAdd(power, rest, power);
    }

    /// <summary>exp(x) − 1, without the cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpLessOne(TVector x)
    {
        var (power, rest) = Reduce(x);
        return TSimd.MultiplyAdd(power, rest, TSimd.Subtract(power, One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sigmoid(TVector x) => TSimd.Divide(One, TSimd.Add(One, Exp(TSimd.Subtract(TSimd.Zero, x))));

    /// <summary>tanh(x) = (exp(2x) − 1) / (exp(2x) + 1); beyond ±9.5 it is ±1 as a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tanh(TVector x)
    {
        x = TSimd.Min(TSimd.Broadcast(9.5f), TSimd.Max(TSimd.Broadcast(-9.5f), x));
        var less = ExpLessOne(TSimd.Add(x, x));
        return TSimd.Divide(less, TSimd.Add(less, TSimd.Broadcast(2f)));
    }

    /// <summary>
    /// The normal distribution Φ(x) = sigmoid(x · R(x²)): log(Φ(x) / Φ(−x)) is odd and smooth, and R, of degree 9, was fitted to it over
    /// |x| up to 5.6 (weighted least squares on Chebyshev polynomials, weights raised where the error of Φ was largest).
    /// Beyond, R stays at its last value, and Φ goes to 0 and 1 faster than x grows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Normal(TVector x)
    {
        var square = TSimd.Min(TSimd.Broadcast(31.36f), TSimd.Multiply(x, x));
        var r = TSimd.Broadcast(3.331694458e-13f);
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(-3.279995719e-11f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(1.240148428e-9f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(-1.980028763e-8f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(-2.820431000e-8f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(6.618922271e-6f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(-1.067626799e-4f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(-7.068454579e-5f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(7.266934961e-2f));
        r = TSimd.MultiplyAdd(r, square, TSimd.Broadcast(1.595769405f));
        return Sigmoid(TSimd.Multiply(x, r));
    }

    private readonly struct IdentityUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => One;
    }

    private readonly struct ReluUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Max(TSimd.Zero, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.WherePositive(x, One);
    }

    private readonly struct LeakyReluUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Select(x, x, TSimd.Multiply(x, parameter));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.Select(x, One, parameter);
    }

    private readonly struct EluUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Select(x, x, TSimd.Multiply(ExpLessOne(x), parameter));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.Select(x, One, TSimd.Multiply(Exp(x), parameter));
    }

    private readonly struct GeluUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Multiply(x, Normal(x));

        // Φ(x) + x · φ(x), the density being exp(−x²/2) / √(2π).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter)
        {
            var density = TSimd.Multiply(Exp(TSimd.Multiply(TSimd.Multiply(x, x), TSimd.Broadcast(-0.5f))), TSimd.Broadcast(0.3989422804f));
            return TSimd.MultiplyAdd(x, density, Normal(x));
        }
    }

    private readonly struct GeluTanhUnit : IUnit
    {
        // √(8/π), twice what stands before tanh's argument: 0.5 · (1 + tanh(u)) is sigmoid(2u).
        private const float Factor = 1.5957691216f;
        private const float Cubic = 0.044715f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Multiply(x, Gate(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter)
        {
            // Beyond ±20 the slope is 0 or 1, and a cube would leave a float's range at last.
            x = TSimd.Min(TSimd.Broadcast(20f), TSimd.Max(TSimd.Broadcast(-20f), x));
            var gate = Gate(x);
            var inner = TSimd.MultiplyAdd(TSimd.Multiply(x, x), TSimd.Broadcast(3 * Cubic * Factor), TSimd.Broadcast(Factor));
            return TSimd.MultiplyAdd(TSimd.Multiply(x, inner), TSimd.Multiply(gate, TSimd.Subtract(One, gate)), gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Gate(TVector x) =>
            Sigmoid(TSimd.Multiply(x, TSimd.MultiplyAdd(TSimd.Multiply(x, x), TSimd.Broadcast(Cubic * Factor), TSimd.Broadcast(Factor))));
    }

    private readonly struct SiluUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Multiply(x, Sigmoid(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter)
        {
            var gate = Sigmoid(x);
            return TSimd.MultiplyAdd(value, TSimd.Subtract(One, gate), gate);
        }
    }

    private readonly struct TanhUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.Subtract(One, TSimd.Multiply(value, value));
    }

    private readonly struct SigmoidUnit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.Multiply(value, TSimd.Subtract(One, value));
    }

    private readonly struct Relu6Unit : IUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Value(TVector x, TVector parameter) => TSimd.Min(TSimd.Broadcast(6f), TSimd.Max(TSimd.Zero, x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Slope(TVector x, TVector value, TVector parameter) => TSimd.WherePositive(TSimd.Subtract(TSimd.Broadcast(6f), x), TSimd.WherePositive(x, One));
    }
}

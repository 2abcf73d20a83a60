using System.Runtime.Intrinsics;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Tests.Training;

namespace DigitML.Tests.Numerics;

/// <summary>Every activation, at every vector width, against doubles.</summary>
public unsafe class ActivationKernelTests
{
    private const int Rows = 37;
    private const int Columns = 45;

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    private static Kernels[] All => [new VectorKernels<Vector128<float>, Simd128>(), new VectorKernels<Vector256<float>, Simd256>(), new VectorKernels<Vector512<float>, Simd512>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activate_SumsOfAllSizes_MatchDoublesInValueAndSlope(ActivationKind kind)
    {
        foreach (var kernels in All)
        {
            var (sums, values, slopes) = Run(kernels, kind);
            for (var row = 0; row < Rows; row++)
            {
                for (var column = 0; column < Columns; column++)
                {
                    double x = sums[row, column];
                    const double Step = 1e-5;
                    var slope = (ReferenceActivations.Value(kind, x + Step) - ReferenceActivations.Value(kind, x - Step)) / (2 * Step);

                    // Two units of the last place of what went in, or of 1: sigmoid and Φ are sums with 1.
                    Assert.Equal(ReferenceActivations.Value(kind, x), values[row, column], 2.5e-7 * Math.Max(1, Math.Abs(x)));
                    Assert.Equal(slope, slopes[row, column], 2e-6);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activate_AnyWidth_GivesTheSameBits(ActivationKind kind)
    {
        // Where the machine does not fuse multiply and add, what stands in for it may at some widths.
        var isFused = Vector512.IsHardwareAccelerated || System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;
        var tolerance = isFused ? 0f : 1e-6f;
        var (_, values, slopes) = Run(All[0], kind);
        foreach (var kernels in All[1..])
        {
            var (_, others, otherSlopes) = Run(kernels, kind);
            Same(values.Span, others.Span);
            Same(slopes.Span, otherSlopes.Span);
        }

        void Same(Span<float> expected, Span<float> found)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(MathF.Abs(expected[i] - found[i]) <= tolerance * MathF.Max(1, MathF.Abs(expected[i])), $"{expected[i]:R} and {found[i]:R} at {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activate_PaddingAndRowsWithoutData_StayAsTheyAre(ActivationKind kind)
    {
        var (sums, values, slopes) = Run(Kernels.Best, kind);
        for (var row = 0; row < values.Rows; row++)
        {
            for (var column = Columns; column < Panels.Padded(Columns); column++)
            {
                Assert.Equal(0f, values[row, column]);
                Assert.Equal(0f, slopes[row, column]);
            }
        }

        for (var row = Rows; row < values.Rows; row++)
        {
            Assert.Equal(sums[row, 0], values[row, 0]);
            Assert.Equal(0f, slopes[row, 0]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activate_SumsBeyondAllBounds_StayFinite(ActivationKind kind)
    {
        var values = new PanelMatrix(Panels.Padded(1), 4);
        var slopes = new PanelMatrix(Panels.Padded(1), 4);
        float[] sums = [-1e30f, 1e30f, -300, 300];
        sums.CopyTo(values.Span);
        Kernels.Best.Activate(ReferenceActivations.Of(kind).FunctionOf(4), values, slopes, 1, new TileRange(1, 4));
        Assert.All(values.Span.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.All(slopes.Span.ToArray(), slope => Assert.InRange(slope, -0.2f, 1.2f));
    }

    [Fact]
    public void Activate_PRelu_TakesASlopeForEachUnit()
    {
        var values = new PanelMatrix(Panels.Padded(2), 40);
        values.Span.Fill(-2);
        var slopes = Enumerable.Range(0, 40).Select(unit => unit / 8f).ToArray();
        Kernels.Best.Activate(Activation.PRelu(slopes).FunctionOf(40), values, default, 2, new TileRange(2, 40));
        for (var unit = 0; unit < 40; unit++)
        {
            Assert.Equal(-2 * slopes[unit], values[1, unit]);
        }
    }

    private static (PanelMatrix Sums, PanelMatrix Values, PanelMatrix Slopes) Run(Kernels kernels, ActivationKind kind)
    {
        var random = new Random(75);
        var (sums, values, slopes) = (New(), New(), New());
        for (var row = 0; row < sums.Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                // From a thousandth to thirty, either sign; away from kinks, whose slope a difference does not find.
                var size = MathF.Pow(10, (random.NextSingle() * 4.5f) - 3);
                size = Math.Abs(size - 6) < 0.01f ? 5.9f : size;
                sums[row, column] = random.Next(2) == 0 ? size : -size;
            }
        }

        sums.Span.CopyTo(values.Span);
        var tiles = new TileRange(Rows, Columns);
        var cut = tiles.End / 3;
        var function = ReferenceActivations.Of(kind).FunctionOf(Columns);
        kernels.Activate(function, values, slopes, Rows, tiles with { End = cut });
        kernels.Activate(function, values, slopes, Rows, tiles with { Start = cut });
        return (sums, values, slopes);

        static PanelMatrix New() => new(Panels.Padded(Rows), Columns);
    }
}

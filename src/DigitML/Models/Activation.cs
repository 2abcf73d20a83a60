using DigitML.Numerics;

namespace DigitML.Models;

/// <summary>What hidden units do with their sums.</summary>
public enum ActivationKind
{
    /// <summary>x: nothing.</summary>
    Identity,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x above 0, else alpha · x (Maas, Hannun and Ng 2013).</summary>
    LeakyRelu,

    /// <summary>x above 0, else slope · x with a learnt slope for each unit or one for all (He et al. 2015).</summary>
    PRelu,

    /// <summary>x above 0, else alpha · (exp(x) − 1) (Clevert, Unterthiner and Hochreiter 2016).</summary>
    Elu,

    /// <summary>x · Φ(x), Φ the normal distribution's (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): the same paper's approximation.</summary>
    GeluTanh,

    /// <summary>x · sigmoid(x), also called Swish (Elfwing, Uchibe and Doya 2018).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>1 / (1 + exp(−x)).</summary>
    Sigmoid,

    /// <summary>min(max(0, x), 6).</summary>
    Relu6,
}

/// <summary>What follows a hidden layer, with its numbers. Immutable.</summary>
public sealed class Activation
{
    private const double InverseSqrtTwoPi = 0.3989422804014327;
    private const double SqrtTwoOverPi = 0.7978845608028654;

    private Activation(ActivationKind kind, float alpha = 0, ReadOnlyMemory<float> slopes = default)
    {
        Kind = kind;
        Alpha = alpha;
        Slopes = slopes;
    }

    /// <summary>Nothing: two dense layers with this between them are one.</summary>
    public static Activation Identity { get; } = new(ActivationKind.Identity);

    /// <summary>max(0, x).</summary>
    public static Activation Relu { get; } = new(ActivationKind.Relu);

    /// <summary>x · Φ(x).</summary>
    public static Activation Gelu { get; } = new(ActivationKind.Gelu);

    /// <summary>GELU's approximation by tanh.</summary>
    public static Activation GeluTanh { get; } = new(ActivationKind.GeluTanh);

    /// <summary>x · sigmoid(x).</summary>
    public static Activation Silu { get; } = new(ActivationKind.Silu);

    /// <summary>tanh(x).</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    /// <summary>min(max(0, x), 6).</summary>
    public static Activation Relu6 { get; } = new(ActivationKind.Relu6);

    /// <summary>The function.</summary>
    public ActivationKind Kind { get; }

    /// <summary>The number of <see cref="ActivationKind.LeakyRelu"/> and <see cref="ActivationKind.Elu"/>; 0 for others.</summary>
    public float Alpha { get; }

    /// <summary>[units] or [1]: the slopes below 0 of <see cref="ActivationKind.PRelu"/>; empty for others.</summary>
    public ReadOnlyMemory<float> Slopes { get; }

    /// <summary>x above 0, else alpha · x.</summary>
    /// <param name="alpha">Finite; 0.01 as PyTorch has it (Keras 0.3).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not finite.</exception>
    public static Activation LeakyRelu(float alpha = 0.01f) => new(ActivationKind.LeakyRelu, Finite(alpha));

    /// <summary>x above 0, else alpha · (exp(x) − 1).</summary>
    /// <param name="alpha">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not finite.</exception>
    public static Activation Elu(float alpha = 1) => new(ActivationKind.Elu, Finite(alpha));

    /// <summary>x above 0, else slope · x.</summary>
    /// <param name="slopes">One for each unit, or one for all; finite. Not copied, so it must not change afterwards.</param>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public static Activation PRelu(ReadOnlyMemory<float> slopes)
    {
        if (slopes.IsEmpty)
        {
            throw new ArgumentException("PReLU needs a slope for each unit, or one for all; got none.", nameof(slopes));
        }

        for (var i = 0; i < slopes.Length; i++)
        {
            if (!float.IsFinite(slopes.Span[i]))
            {
                throw new ArgumentException(Invariant($"PReLU's slopes must be finite; slope {i} is {slopes.Span[i]}."), nameof(slopes));
            }
        }

        return new Activation(ActivationKind.PRelu, slopes: slopes);
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ActivationKind.LeakyRelu or ActivationKind.Elu => Invariant($"{Kind}({Alpha})"),
        ActivationKind.PRelu => Slopes.Length == 1 ? Invariant($"{Kind}({Slopes.Span[0]})") : Invariant($"{Kind}({Slopes.Length} slopes)"),
        _ => Kind.ToString(),
    };

    /// <summary>What people call it.</summary>
    internal string Title => Kind switch
    {
        ActivationKind.Identity => "nothing",
        ActivationKind.Relu => "ReLU",
        ActivationKind.LeakyRelu => Invariant($"leaky ReLU ({Alpha})"),
        ActivationKind.PRelu => "PReLU",
        ActivationKind.Elu => Invariant($"ELU ({Alpha})"),
        ActivationKind.Gelu => "GELU",
        ActivationKind.GeluTanh => "GELU by tanh",
        ActivationKind.Silu => "SiLU",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Sigmoid => "sigmoid",
        _ => "ReLU6",
    };

    /// <summary>As the kernels take it.</summary>
    /// <param name="units">Units of the layer.</param>
    internal UnitFunction FunctionOf(int units) => Kind switch
    {
        ActivationKind.Identity => new UnitFunction(UnitFunctionKind.Identity, units, []),
        ActivationKind.Relu => UnitFunction.Relu,
        ActivationKind.LeakyRelu => new UnitFunction(UnitFunctionKind.LeakyRelu, units, [Alpha]),
        ActivationKind.PRelu => new UnitFunction(UnitFunctionKind.LeakyRelu, units, Slopes.Span),
        ActivationKind.Elu => new UnitFunction(UnitFunctionKind.Elu, units, [Alpha]),
        ActivationKind.Gelu => new UnitFunction(UnitFunctionKind.Gelu, units, []),
        ActivationKind.GeluTanh => new UnitFunction(UnitFunctionKind.GeluTanh, units, []),
        ActivationKind.Silu => new UnitFunction(UnitFunctionKind.Silu, units, []),
        ActivationKind.Tanh => new UnitFunction(UnitFunctionKind.Tanh, units, []),
        ActivationKind.Sigmoid => new UnitFunction(UnitFunctionKind.Sigmoid, units, []),
        _ => new UnitFunction(UnitFunctionKind.Relu6, units, []),
    };

    /// <summary>What a unit gives for its sum.</summary>
    internal double ValueAt(double x, int unit) => Kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => Math.Max(0, x),
        ActivationKind.LeakyRelu or ActivationKind.PRelu => x > 0 ? x : x * Below(unit),
        ActivationKind.Elu => x > 0 ? x : Alpha * ErrorFunction.ExpLessOne(x),
        ActivationKind.Gelu => x * ErrorFunction.Normal(x),
        ActivationKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(TanhArgument(x))),
        ActivationKind.Silu => x * Logistic(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => Logistic(x),
        _ => Math.Clamp(x, 0, 6),
    };

    /// <summary>The derivative at a unit's sum; at a kink the one from below, as training takes it.</summary>
    internal double SlopeAt(double x, int unit)
    {
        switch (Kind)
        {
            case ActivationKind.Identity:
                return 1;
            case ActivationKind.Relu:
                return x > 0 ? 1 : 0;
            case ActivationKind.LeakyRelu or ActivationKind.PRelu:
                return x > 0 ? 1 : Below(unit);
            case ActivationKind.Elu:
                return x > 0 ? 1 : Alpha * Math.Exp(x);
            case ActivationKind.Gelu:
                return ErrorFunction.Normal(x) + (x * InverseSqrtTwoPi * Math.Exp(-0.5 * x * x));
            case ActivationKind.GeluTanh:
                var tanh = Math.Tanh(TanhArgument(x));
                return (0.5 * (1 + tanh)) + (0.5 * x * (1 - (tanh * tanh)) * SqrtTwoOverPi * (1 + (3 * 0.044715 * x * x)));
            case ActivationKind.Silu:
                return Logistic(x) + (x * Logistic(x) * Logistic(-x));
            case ActivationKind.Tanh:
                return 1 - (Math.Tanh(x) * Math.Tanh(x));
            case ActivationKind.Sigmoid:
                return Logistic(x) * Logistic(-x);
            default:
                return x is > 0 and < 6 ? 1 : 0;
        }
    }

    private static double TanhArgument(double x) => SqrtTwoOverPi * (x + (0.044715 * x * x * x));

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private float Below(int unit) => Kind == ActivationKind.LeakyRelu ? Alpha : Slopes.Span[Slopes.Length == 1 ? 0 : unit];

    private static float Finite(float alpha) =>
        float.IsFinite(alpha) ? alpha : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "An activation's alpha must be finite.");
}

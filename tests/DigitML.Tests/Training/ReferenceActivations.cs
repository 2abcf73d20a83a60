using DigitML.Models;

namespace DigitML.Tests.Training;

/// <summary>Activations as a textbook writes them, in doubles.</summary>
internal static class ReferenceActivations
{
    private const double Alpha = 0.2f;

    /// <summary>The activation whose numbers, where it has some, are those that <see cref="Value"/> takes.</summary>
    public static Activation Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Identity => Activation.Identity,
        ActivationKind.Relu => Activation.Relu,
        ActivationKind.LeakyRelu => Activation.LeakyRelu((float)Alpha),
        ActivationKind.PRelu => Activation.PRelu(new[] { (float)Alpha }),
        ActivationKind.Elu => Activation.Elu((float)Alpha),
        ActivationKind.Gelu => Activation.Gelu,
        ActivationKind.GeluTanh => Activation.GeluTanh,
        ActivationKind.Silu => Activation.Silu,
        ActivationKind.Tanh => Activation.Tanh,
        ActivationKind.Sigmoid => Activation.Sigmoid,
        ActivationKind.Relu6 => Activation.Relu6,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What a unit gives for its sum.</summary>
    public static double Value(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => x > 0 ? x : 0,
        ActivationKind.LeakyRelu or ActivationKind.PRelu => x > 0 ? x : Alpha * x,
        ActivationKind.Elu => x > 0 ? x : Alpha * (Math.Exp(x) - 1),
        ActivationKind.Gelu => x * Normal(x),
        ActivationKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationKind.Silu => x / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Relu6 => Math.Min(6, Math.Max(0, x)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The normal distribution by its series, ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Marsaglia, Evaluating the Normal Distribution, 2004).</summary>
    public static double Normal(double x)
    {
        // Beyond this a double holds nothing of the tail's distance.
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        var (sum, term) = (x, x);
        for (var i = 3; sum + term != sum || i == 3; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
    }
}

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

    /// <summary>The normal distribution: its density, summed up by Simpson's rule.</summary>
    public static double Normal(double x)
    {
        const int Steps = 400;
        var end = Math.Clamp(x, -9, 9);
        var step = end / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-0.5 * i * step * i * step);
        }

        return 0.5 + (sum * step / 3 / Math.Sqrt(2 * Math.PI));
    }
}

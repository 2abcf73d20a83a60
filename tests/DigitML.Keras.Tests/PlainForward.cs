using DigitML.Models;

namespace DigitML.Keras.Tests;

/// <summary>A network's answer worked out in double, number by number.</summary>
internal static class PlainForward
{
    /// <summary>The probabilities of one picture's classes.</summary>
    public static double[] Probabilities(Mlp model, byte[] pixels)
    {
        var (scale, mean, deviation) = model.Normalization;
        var values = pixels.Select(pixel => ((pixel * (double)scale) - mean) / deviation).ToArray();
        for (var l = 0; l < model.Layers.Count; l++)
        {
            var layer = model.Layers[l];
            var sums = new double[layer.Outputs];
            for (var o = 0; o < sums.Length; o++)
            {
                sums[o] = layer.Bias.Span[o];
                for (var i = 0; i < layer.Inputs; i++)
                {
                    sums[o] += layer.Weights.Span[(o * layer.Inputs) + i] * values[i];
                }

                sums[o] = l < model.Layers.Count - 1 ? Of(layer.Activation, o, sums[o]) : sums[o];
            }

            values = sums;
        }

        var most = values.Max();
        var shares = values.Select(value => Math.Exp(value - most)).ToArray();
        return [.. shares.Select(share => share / shares.Sum())];
    }

    private static double Of(Activation activation, int unit, double x) => activation.Kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.LeakyRelu => x > 0 ? x : x * activation.Alpha,
        ActivationKind.PRelu => x > 0 ? x : x * activation.Slopes.Span[activation.Slopes.Length == 1 ? 0 : unit],
        ActivationKind.Elu => x > 0 ? x : activation.Alpha * (Math.Exp(x) - 1),
        ActivationKind.Gelu => x * Normal(x),
        ActivationKind.GeluTanh => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2,
        ActivationKind.Silu => x / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => Math.Clamp(x, 0, 6),
    };

    // The normal distribution by its series, which is good to double where the terms do not grow past what they add up to.
    private static double Normal(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 200; n++)
        {
            term *= x * x / ((2 * n) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}

using System.Runtime.CompilerServices;

namespace DigitML.Numerics;

/// <summary>The optimizers' rules: one pass over weights and state.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TSimd>
{
    /// <summary>Applies one tile's gradient; the panel's biases go with its first tile.</summary>
    private static void UpdateTile(TrainableLayer layer, int panel, int inputTile, float* panelGradient, int batch, float* tileGradient, in UpdateStep step)
    {
        Apply(step, layer.Weights.Tile(panel, inputTile), layer.WeightState1.Tile(panel, inputTile), layer.WeightState2.Tile(panel, inputTile), tileGradient, TileLength);
        var average = layer.Average;
        if (average is not null)
        {
            // Before max-norm cuts weights back, if it does: the next update begins from the cut ones.
            Average(step.AverageShare, layer.Weights.Tile(panel, inputTile), average.Weights.Tile(panel, inputTile), TileLength);
        }

        if (inputTile == 0)
        {
            var biasGradient = stackalloc float[Panels.Width];
            if (layer.Normalization is { } normalization)
            {
                // What came before the normalisation says nothing of the bias behind it.
                biasGradient = normalization.BiasGradient.Tile(panel, 0);
                Apply(step with { Keep = 1f }, normalization.Scale.Tile(panel, 0), normalization.ScaleState1.Tile(panel, 0), normalization.ScaleState2.Tile(panel, 0), normalization.ScaleGradient.Tile(panel, 0), Panels.Width);
                Average(step.AverageShare, normalization.Scale.Tile(panel, 0), normalization.AverageScale.Tile(panel, 0), Panels.Width);
            }
            else
            {
                SumRows(panelGradient, batch, biasGradient);
            }

            Apply(step with { Keep = 1f }, layer.Bias.Tile(panel, 0), layer.BiasState1.Tile(panel, 0), layer.BiasState2.Tile(panel, 0), biasGradient, Panels.Width);
            if (average is not null)
            {
                Average(step.AverageShare, layer.Bias.Tile(panel, 0), average.Bias.Tile(panel, 0), Panels.Width);
            }
        }
    }

    /// <summary>Sums the rows of one panel.</summary>
    private static void SumRows(float* panel, int rows, float* target)
    {
        for (var column = 0; column < Panels.Width; column += TSimd.Width)
        {
            var sum = TSimd.Zero;
            for (var row = 0; row < rows; row++)
            {
                sum = TSimd.Add(sum, TSimd.Load(panel + ((nint)row * Panels.Width) + column));
            }

            TSimd.Store(sum, target + column);
        }
    }

    /// <summary>Updates a run of weights from their gradient.</summary>
    /// <param name="step">The rule and its numbers.</param>
    /// <param name="weights">[count].</param>
    /// <param name="state1">[count] first moment, velocity, or where the gradient goes.</param>
    /// <param name="state2">[count] second moment.</param>
    /// <param name="gradient">[count].</param>
    /// <param name="count">A multiple of 32.</param>
    private static void Apply(in UpdateStep step, float* weights, float* state1, float* state2, float* gradient, int count)
    {
        switch (step.Kind)
        {
            case UpdateKind.Adam:
                Adam(step, weights, state1, state2, gradient, count);
                break;
            case UpdateKind.Nesterov:
                Nesterov(step, weights, state1, gradient, count);
                break;
            default:
                Buffer.MemoryCopy(gradient, state1, (long)count * sizeof(float), (long)count * sizeof(float));
                break;
        }
    }

    /// <summary>average = (1 − share) · average + share · weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Average(float share, float* weights, float* average, int count)
    {
        var own = TSimd.Broadcast(share);
        var rest = TSimd.Broadcast(1f - share);
        for (var i = 0; i < count; i += TSimd.Width)
        {
            TSimd.Store(TSimd.MultiplyAdd(own, TSimd.Load(weights + i), TSimd.Multiply(rest, TSimd.Load(average + i))), average + i);
        }
    }

    /// <summary>Kingma and Ba 2015, the form before section 2.1: the bias corrections are in the rate, ε beside √v, as in Keras.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adam(in UpdateStep step, float* weights, float* moment1, float* moment2, float* gradient, int count)
    {
        var beta1 = TSimd.Broadcast(step.Beta1);
        var rest1 = TSimd.Broadcast(1f - step.Beta1);
        var beta2 = TSimd.Broadcast(step.Beta2);
        var rest2 = TSimd.Broadcast(1f - step.Beta2);
        var epsilon = TSimd.Broadcast(step.Epsilon);
        var keep = TSimd.Broadcast(step.Keep);
        var rate = TSimd.Broadcast(-step.Rate);
        for (var i = 0; i < count; i += TSimd.Width)
        {
            var slope = TSimd.Load(gradient + i);
            var first = TSimd.MultiplyAdd(rest1, slope, TSimd.Multiply(beta1, TSimd.Load(moment1 + i)));
            var second = TSimd.MultiplyAdd(TSimd.Multiply(rest2, slope), slope, TSimd.Multiply(beta2, TSimd.Load(moment2 + i)));
            TSimd.Store(first, moment1 + i);
            TSimd.Store(second, moment2 + i);
            var direction = TSimd.Divide(first, TSimd.Add(TSimd.SquareRoot(second), epsilon));
            TSimd.Store(TSimd.MultiplyAdd(rate, direction, TSimd.Multiply(keep, TSimd.Load(weights + i))), weights + i);
        }
    }

    /// <summary>Keras's SGD with Nesterov momentum: velocity = momentum · velocity − rate · gradient; weight += momentum · velocity − rate · gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Nesterov(in UpdateStep step, float* weights, float* velocity, float* gradient, int count)
    {
        var momentum = TSimd.Broadcast(step.Beta1);
        var keep = TSimd.Broadcast(step.Keep);
        var rate = TSimd.Broadcast(-step.Rate);
        for (var i = 0; i < count; i += TSimd.Width)
        {
            var move = TSimd.Multiply(rate, TSimd.Load(gradient + i));
            var speed = TSimd.MultiplyAdd(momentum, TSimd.Load(velocity + i), move);
            TSimd.Store(speed, velocity + i);
            TSimd.Store(TSimd.Add(TSimd.MultiplyAdd(momentum, speed, move), TSimd.Multiply(keep, TSimd.Load(weights + i))), weights + i);
        }
    }
}

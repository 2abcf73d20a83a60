using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>The learning rate of every update.</summary>
internal static class LearningRates
{
    /// <summary>The rate of one update.</summary>
    /// <param name="options">The schedule.</param>
    /// <param name="step">The update, from 0.</param>
    /// <param name="stepsPerEpoch">Updates of an epoch.</param>
    public static double At(MlpOptions options, long step, int stepsPerEpoch)
    {
        double rate = options.LearningRate;
        var warmup = (long)options.WarmupEpochs * stepsPerEpoch;
        if (step < warmup)
        {
            return rate * (step + 1) / warmup;
        }

        switch (options.Schedule)
        {
            case LearningRateSchedule.Step:
                return rate * Math.Pow(options.StepFactor, (step - warmup) / stepsPerEpoch / options.StepEpochs);
            case LearningRateSchedule.Cosine:
                var total = ((long)options.Epochs * stepsPerEpoch) - warmup;
                return rate * 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / total));
            default:
                return rate;
        }
    }

    /// <summary>The numbers of one update, by the options' optimizer.</summary>
    /// <param name="options">Optimizer, schedule and decays.</param>
    /// <param name="step">The update, from 0.</param>
    /// <param name="stepsPerEpoch">Updates of an epoch.</param>
    public static UpdateStep UpdateAt(MlpOptions options, long step, int stepsPerEpoch)
    {
        var rate = At(options, step, stepsPerEpoch);
        var keep = (float)(1 - (rate * options.WeightDecay));
        var share = (float)(1 - Math.Min(options.AverageDecay, (1.0 + step) / (10.0 + step)));
        if (options.Optimizer == Optimizer.Sgd)
        {
            return new UpdateStep { Kind = UpdateKind.Nesterov, Rate = (float)rate, Beta1 = options.Momentum, Keep = keep, AverageShare = share };
        }

        var count = step + 1;
        var corrected = rate * Math.Sqrt(1 - Math.Pow(options.Beta2, count)) / (1 - Math.Pow(options.Beta1, count));
        return new UpdateStep { Kind = UpdateKind.Adam, Rate = (float)corrected, Beta1 = options.Beta1, Beta2 = options.Beta2, Epsilon = options.Epsilon, Keep = keep, AverageShare = share };
    }
}

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
}

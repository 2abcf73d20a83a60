namespace DigitML.Training;

/// <summary>
/// Tells once an epoch is over, in order and on the thread that trains: for logs and notebooks.
/// <see cref="Progress{T}"/> would tell from other threads, and late.
/// </summary>
/// <param name="onEpoch">Given each completed epoch.</param>
public sealed class EpochProgress(Action<EpochReport> onEpoch) : IProgress<EpochReport>
{
    private readonly Action<EpochReport> _onEpoch = onEpoch ?? throw new ArgumentNullException(nameof(onEpoch));

    /// <inheritdoc/>
    public void Report(EpochReport value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.IsComplete)
        {
            _onEpoch(value);
        }
    }
}

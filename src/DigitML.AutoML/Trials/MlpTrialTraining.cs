using DigitML.Evaluation;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>A network's training, stopped at rungs.</summary>
internal sealed class MlpTrialTraining(MlpOptions options, TrialRequest request) : ITrialTraining
{
    private readonly MlpTrainer _trainer = new(options);
    private readonly TrainingData _data = request.Data.ToTrainingData();

    public ReadOnlyMemory<byte> Checkpoint { get; private set; }

    public long ModelBytes { get; private set; }

    public TrialScore TrainTo(int epochs, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var result = _trainer.Fit(_data, new Until(epochs, progress, stop), stop.Token);
        cancellationToken.ThrowIfCancellationRequested();
        ModelBytes = sizeof(float) * (long)result.Model.ParameterCount;
        var evaluation = request.Data switch
        {
            { ValidationImages: { } images } => result.Model.Evaluate(images, request.Threads, cancellationToken: cancellationToken),
            { ValidationTable: { } table } => result.Model.Evaluate(table, request.Threads, cancellationToken: cancellationToken),
            _ => throw new InvalidOperationException("A trial needs data to be compared on."),
        };
        var diverged = result.History.StopReason == StopReason.Diverged;
        return new TrialScore { Accuracy = evaluation.MicroAccuracy, MacroAccuracy = evaluation.MacroAccuracy, LogLoss = diverged ? double.NaN : evaluation.LogLoss };
    }

    public void Dispose()
    {
    }

    private sealed class Until(int epochs, IProgress<EpochReport>? progress, CancellationTokenSource stop) : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            progress?.Report(value);
            if (value.IsComplete && value.Epoch >= epochs)
            {
                stop.Cancel();
            }
        }
    }
}

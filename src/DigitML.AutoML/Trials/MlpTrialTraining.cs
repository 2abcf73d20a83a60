using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>A network's training, paused at rungs: what it has learnt by then goes on from a checkpoint, here or on another machine.</summary>
internal sealed class MlpTrialTraining(MlpOptions options, TrialRequest request) : ITrialTraining
{
    private readonly MlpTrainer _trainer = new(options);
    private readonly TrainingData _data = request.Data.ToTrainingData();
    private TrainingCheckpoint? _checkpoint = request.Checkpoint.IsEmpty ? null : TrainingCheckpoint.Load(request.Checkpoint.Span);

    public ReadOnlyMemory<byte> Checkpoint => _checkpoint?.ToBytes();

    public long ModelBytes { get; private set; }

    public TrialScore TrainTo(int epochs, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        var result = _trainer.FitUntil(_data, epochs, _checkpoint, progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _checkpoint = result.Checkpoint;
        ModelBytes = sizeof(float) * (long)result.Model.ParameterCount;
        var score = ScoreOf(result.Model, request.Data, request.Threads, cancellationToken);

        // A network whose training has diverged is as good as it was before, which tells nothing of its settings.
        return result.History.StopReason == StopReason.Diverged ? score with { Accuracy = 0, MacroAccuracy = 0, LogLoss = double.PositiveInfinity } : score;
    }

    public void Dispose()
    {
    }

    private static TrialScore ScoreOf(Mlp model, ExperimentData data, int threads, CancellationToken cancellationToken) => TrialScore.Of(data switch
    {
        { ValidationImages: { } images } => model.Evaluate(images, threads, cancellationToken: cancellationToken),
        { ValidationTable: { } table } => model.Evaluate(table, threads, cancellationToken: cancellationToken),
        _ => throw new DigitException($"{data.Name}: a trial needs examples to be compared on; none are held out."),
    });
}

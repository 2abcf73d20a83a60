using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;
using DigitML.Training;

namespace DigitML.AutoML.Worker;

/// <summary>Trials that sleep where others train: what remains is what the study itself costs. Their scores hang from their settings alone.</summary>
/// <param name="milliseconds">Of an epoch.</param>
/// <param name="checkpointBytes">Of a checkpoint.</param>
internal sealed class SleepTrainer(int milliseconds, int checkpointBytes) : ITrialTrainer
{
    public string Name => ITrialTrainer.Mlp;

    public SearchSpace SpaceFor(ExperimentData data) => SearchSpace.ForImages();

    public ITrialTraining Begin(TrialRequest request) => new Sleep(request, milliseconds, checkpointBytes);

    public ExperimentModel Refit(TrialRequest request, IProgress<EpochReport>? progress, CancellationToken cancellationToken) =>
        new MlpExperimentModel(new MlpTrainer(new MlpOptions { HiddenLayers = [1], Epochs = 1, Threads = 1 }).Fit(request.Data.Images!, cancellationToken: cancellationToken).Model);

    public ExperimentModel Load(string path) => throw new NotSupportedException();

    private sealed class Sleep(TrialRequest request, int milliseconds, int checkpointBytes) : ITrialTraining
    {
        // A checkpoint's first byte is the number of epochs, so that a trial that goes on from the wrong place is seen.
        private int _epochs = request.Checkpoint.IsEmpty ? 0 : request.Checkpoint.Span[0];

        public ReadOnlyMemory<byte> Checkpoint { get; private set; }

        public long ModelBytes => 1000;

        public TrialScore TrainTo(int epochs, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
        {
            if (epochs <= _epochs)
            {
                throw new InvalidOperationException(Invariant($"Asked to train to {epochs} epochs but the checkpoint has {_epochs}."));
            }

            cancellationToken.WaitHandle.WaitOne(milliseconds * (epochs - _epochs));
            cancellationToken.ThrowIfCancellationRequested();
            _epochs = epochs;
            var bytes = new byte[Math.Max(1, checkpointBytes)];
            bytes[0] = (byte)epochs;
            Checkpoint = bytes;
            var accuracy = new Random(request.Seed).NextDouble();
            return new TrialScore { Accuracy = accuracy, MacroAccuracy = accuracy, LogLoss = 1 - accuracy };
        }

        public void Dispose()
        {
        }
    }
}

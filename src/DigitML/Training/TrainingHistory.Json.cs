using System.Text;
using System.Text.Json;
using DigitML.IO;

namespace DigitML.Training;

public sealed partial record TrainingHistory
{
    /// <summary>The most bytes a history's file may have; a million epochs need less.</summary>
    private const int MaximumFileBytes = 512 * 1024 * 1024;

    /// <summary>The history as JSON, indented: the content of <c>history.json</c>.</summary>
    /// <returns>The same text for the same history, with \n between lines.</returns>
    public string ToJson()
    {
        using var options = JsonDocument.Parse(Options.ToJson());
        var document = new HistoryDocument
        {
            Dataset = Dataset,
            Synthetic = IsSynthetic,
            Options = options.RootElement,
            Epochs = [.. Epochs.Select(epoch => new EpochDocument
            {
                Epoch = epoch.Epoch,
                TrainLoss = epoch.TrainLoss,
                TrainAccuracy = epoch.TrainAccuracy,
                ValidationLoss = epoch.ValidationLoss,
                ValidationAccuracy = epoch.ValidationAccuracy,
                Seconds = epoch.Seconds,
                LearningRate = epoch.LearningRate,
            })],
            BestEpoch = BestEpoch,
            StopReason = StopReason,
            TrainSeconds = TrainSeconds,
            Parameters = Parameters,
            Threads = Threads,
            TrainingImages = TrainingImages,
            ValidationImages = ValidationImages,
            DataHash = DataHash,
        };
        return JsonSerializer.Serialize(document, TrainingJson.Default.HistoryDocument) + "\n";
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote; fields it does not know are passed over.</summary>
    /// <param name="json">JSON text.</param>
    /// <exception cref="DigitException">The text is no history or contradicts itself.</exception>
    public static TrainingHistory FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), "history");
    }

    /// <summary>Writes <see cref="ToJson"/> to a file; a crash leaves the old one.</summary>
    /// <param name="path">The file, usually <c>history.json</c>; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there, is no history or contradicts itself.</exception>
    public static TrainingHistory Load(string path) => Parse(BoundedFile.Read(path, MaximumFileBytes, "a training history in JSON"), path);

    private static TrainingHistory Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, TrainingJson.Default.HistoryDocument) ?? throw new JsonException("found null.");
            Check(document);
            var options = MlpOptions.FromElement(document.Options);
            return new TrainingHistory
            {
                Dataset = document.Dataset,
                IsSynthetic = document.Synthetic,
                Options = options,
                Epochs = [.. document.Epochs.Select(epoch => new EpochReport
                {
                    Epoch = epoch.Epoch,
                    Epochs = options.Epochs,
                    ImagesDone = document.TrainingImages,
                    ImagesTotal = document.TrainingImages,
                    IsComplete = true,
                    TrainLoss = epoch.TrainLoss,
                    TrainAccuracy = epoch.TrainAccuracy,
                    ValidationLoss = epoch.ValidationLoss,
                    ValidationAccuracy = epoch.ValidationAccuracy,
                    Seconds = epoch.Seconds,
                    LearningRate = epoch.LearningRate,
                })],
                BestEpoch = document.BestEpoch,
                StopReason = document.StopReason,
                TrainSeconds = document.TrainSeconds,
                Parameters = document.Parameters,
                Threads = document.Threads,
                TrainingImages = document.TrainingImages,
                ValidationImages = document.ValidationImages,
                DataHash = document.DataHash,
            };
        }
        catch (JsonException error)
        {
            throw new DigitException($"{name}: expected a training history as DigitML writes it, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static void Check(HistoryDocument history)
    {
        Require(!string.IsNullOrWhiteSpace(history.Dataset), "dataset must name the data");
        for (var i = 0; i < history.Epochs.Count; i++)
        {
            var epoch = history.Epochs[i];
            Require(epoch is not null && epoch.Epoch == i + 1, $"epochs[{i}] must be epoch {i + 1}");
            Require(epoch!.TrainAccuracy is >= 0 and <= 1 && epoch.ValidationAccuracy is null or (>= 0 and <= 1), $"epochs[{i}] must have accuracies from 0 to 1");
            Require(!(epoch.TrainLoss < 0) && !(epoch.ValidationLoss < 0), $"epochs[{i}] must have losses of at least 0");
            Require(epoch.Seconds >= 0 && epoch.LearningRate >= 0, $"epochs[{i}] must have seconds and a learningRate of at least 0");
        }

        Require(history.BestEpoch >= 0 && history.BestEpoch <= history.Epochs.Count, $"bestEpoch must be 0 to {history.Epochs.Count}, the epochs that were completed");
        Require(history.TrainSeconds >= 0, "trainSeconds must be at least 0");
        Require(history.Parameters >= 1 && history.Threads >= 1, "parameters and threads must be at least 1");
        Require(history.TrainingImages >= 0 && history.ValidationImages >= 0, "trainingImages and validationImages must be at least 0");
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new JsonException(rule + ".");
        }
    }
}

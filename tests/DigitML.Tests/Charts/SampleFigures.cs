using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Charts;

/// <summary>One figure of each kind, of small results made from a seed.</summary>
internal static class SampleFigures
{
    public const string Hostile = "</script><script>bad()</script> & \"<b>Ziffern</b>\" %{x}";

    public static TrainingHistory History(int epochs = 7, int validationImages = 203, string dataset = "tiny") => new()
    {
        Dataset = dataset,
        IsSynthetic = true,
        Options = new MlpOptions { HiddenLayers = [19, 7], Seed = 3 },
        Epochs = [.. Enumerable.Range(1, epochs).Select(epoch => new EpochReport
        {
            Epoch = epoch,
            Epochs = epochs,
            ImagesDone = 811,
            ImagesTotal = 811,
            IsComplete = true,
            TrainLoss = 0.9 / epoch,
            TrainAccuracy = 1 - 0.3 / epoch,
            ValidationLoss = validationImages > 0 ? 0.2 + 0.7 / epoch : null,
            ValidationAccuracy = validationImages > 0 ? 0.95 - 0.3 / epoch : null,
            Seconds = 0.5,
            LearningRate = 1e-3,
        })],
        BestEpoch = epochs,
        StopReason = StopReason.Completed,
        TrainSeconds = 3.5,
        Parameters = 15_000,
        Threads = 2,
        TrainingImages = 811,
        ValidationImages = validationImages,
        DataHash = "00",
    };

    public static LabelledImages Images(int count = 61, int width = 9, int height = 11, int classes = 10, string name = "tiny")
    {
        var pixels = new byte[count * width * height];
        new Random(41).NextBytes(pixels);
        var labels = Enumerable.Range(0, count).Select(i => (byte)(i % classes)).ToArray();
        return new LabelledImages(name, width, height, pixels, labels, isSynthetic: true);
    }

    public static Mlp Model(int inputs = 99, int classes = 10)
    {
        var random = new Random(23);
        return new Mlp(PixelNormalization.UnitRange, [Layer(inputs, 13), Layer(13, classes)], new Dictionary<string, string> { ["imageSize"] = "9x11" });

        DenseLayer Layer(int from, int to) => new(from, to, Numbers(from * to), Numbers(to));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    public static IReadOnlyList<(string Name, Figure Figure)> All(string dataset = "tiny")
    {
        var images = Images(name: dataset);
        var model = Model();
        var evaluation = model.Evaluate(images);
        var some = images.Take(23);
        var predictions = Enumerable.Range(0, some.Count).Select(i => model.Predict(some.Image(i))).ToArray();
        return
        [
            ("learning-curves", Chart.LearningCurves(History(dataset: dataset))),
            ("learning-curves-one-epoch", Chart.LearningCurves(History(epochs: 1, validationImages: 0, dataset))),
            ("learning-curves-none", Chart.LearningCurves(History(epochs: 0, dataset: dataset))),
            ("confusion", Chart.ConfusionHeatmap(evaluation)),
            ("per-class", Chart.PerClass(evaluation)),
            ("calibration", Chart.Calibration(evaluation)),
            ("gallery", Chart.Gallery(some)),
            ("predictions", Chart.Gallery(some, predictions)),
            ("worst-errors", Chart.WorstErrors(evaluation, images, 17)),
            ("weights", Chart.WeightImages(model)),
            ("probabilities", Chart.ProbabilityBars(predictions[3])),
        ];
    }
}

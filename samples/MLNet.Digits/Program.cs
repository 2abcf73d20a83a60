// Pictures of digits in a folder, one folder a class → a network → a saved model, as one writes it with ML.NET.
//   dotnet run --project samples/MLNet.Digits -c Release                        draws a thousand digits to learn from
//   dotnet run --project samples/MLNet.Digits -c Release -- FOLDER [MODEL.zip]  learns from yours
//   dotnet run --project samples/MLNet.Digits -c Release -- MODEL.zip PICTURE…  only predicts, by a model that was saved

using DigitML.MLNet;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Digits;

var ml = new MLContext(seed: 1);
if (args.Length > 1 && File.Exists(args[0]))
{
    Predict(ml, args[0], args[1..]);
    return;
}

var folder = args.Length > 0 ? args[0] : DrawnDigits.In("out/drawn-digits", count: 1000);
var file = args.Length > 1 ? args[1] : "out/digits.zip";

var pictures = ml.Data.TrainTestSplit(ml.Data.LoadDigits(folder), testFraction: 0.25, seed: 1);
var pipeline = ml.Transforms.NormalizeDigit("Features", "ImagePath")
    .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    .AppendCacheCheckpoint(ml)
    .Append(ml.MulticlassClassification.Trainers.Mlp(new MlpTrainerOptions { Network = Recipes.Fast }))   // turns and bends the pictures
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

ml.Log += (_, line) =>
{
    if (line is { Source: "MlpMulticlassTrainer", Kind: ChannelMessageKind.Info })
    {
        Console.WriteLine(line.RawMessage);
    }
};
var model = pipeline.Fit(pictures.TrainSet);

var metrics = ml.MulticlassClassification.Evaluate(model.Transform(pictures.TestSet));
Console.WriteLine($"\nAccuracy {metrics.MicroAccuracy:P1}, log-loss {metrics.LogLoss:0.000}, on pictures that it was not trained on");
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
ml.Model.Save(model, pictures.TrainSet.Schema, file);
Console.WriteLine($"Written: {file}");
Predict(ml, file, [.. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(3)]);

// What an application does: it loads the model and knows nothing of how it was trained.
static void Predict(MLContext ml, string file, string[] paths)
{
    var engine = ml.Model.CreatePredictionEngine<Picture, Answer>(ml.Model.Load(file, out _));
    foreach (var path in paths)
    {
        var answer = engine.Predict(new Picture { ImagePath = path });
        Console.WriteLine($"{path}: {answer.PredictedLabel}, {answer.Score.Max():P1}");
    }
}

// A table with a text label, numbers and categories: our trainer beside three of ML.NET's.
//   dotnet run --project samples/MLNet.Tabular -c Release
// birds.csv is made up: a program drew its 800 rows.

using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
var rows = ml.Data.LoadFromTextFile<Bird>(args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "birds.csv"), separatorChar: ',', hasHeader: true, allowQuoting: true);
var birds = ml.Data.TrainTestSplit(rows, testFraction: 0.25, seed: 1);

var preparation = ml.Transforms.Conversion.MapValueToKey("Label", "Species")
    .Append(ml.Transforms.Categorical.OneHotEncoding([new("Habitat"), new("Season")]))
    .Append(ml.Transforms.Concatenate("Features", "Habitat", "Season", "WeightGrams", "WingMillimetres", "BeakMillimetres", "AgeDays"))
    .AppendCacheCheckpoint(ml);

var trainers = ml.MulticlassClassification.Trainers;
var contenders = new (string Name, IEstimator<ITransformer> Trainer)[]
{
    ("Mlp", trainers.Mlp()),
    ("LightGbm", trainers.LightGbm()),
    ("SdcaMaximumEntropy", ml.Transforms.NormalizeMinMax("Features").Append(trainers.SdcaMaximumEntropy())),
    ("FastForest, one versus all", trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastForest())),
};

Console.WriteLine($"{"trainer",-28}{"accuracy",10}{"log-loss",10}{"seconds",10}");
foreach (var (name, trainer) in contenders)
{
    var clock = Stopwatch.StartNew();
    var model = preparation.Append(trainer).Fit(birds.TrainSet);
    var seconds = clock.Elapsed.TotalSeconds;
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(birds.TestSet));
    Console.WriteLine($"{name,-28}{metrics.MicroAccuracy,10:P1}{metrics.LogLoss,10:0.000}{seconds,10:0.00}");
}

/// <summary>A row.</summary>
internal sealed class Bird
{
    [LoadColumn(0)]
    public string Habitat { get; set; } = "";

    [LoadColumn(1)]
    public string Season { get; set; } = "";

    [LoadColumn(2)]
    public float WeightGrams { get; set; }

    [LoadColumn(3)]
    public float WingMillimetres { get; set; }

    [LoadColumn(4)]
    public float BeakMillimetres { get; set; }

    [LoadColumn(5)]
    public float AgeDays { get; set; }

    [LoadColumn(6)]
    public string Species { get; set; } = "";
}

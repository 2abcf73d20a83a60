using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DigitML.Data;
using DigitML.MLNet;
using DigitML.Pixels;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.Benchmarks.MLNet;

/// <summary>The trainers, the data sets, and the measurement of one on the other.</summary>
internal static class MLNetRun
{
    private const int Folds = 5;

    /// <summary>What they are called in the results.</summary>
    public static IReadOnlyList<string> Trainers { get; } = ["mlp", "mlp-fast", "lightgbm", "sdca", "lbfgs", "fastforest"];

    /// <summary>MNIST, a part of it, and what scikit-learn ships.</summary>
    public static IReadOnlyList<string> DataSets { get; } = ["digits", "wine", "breast-cancer", "mnist-10000", "mnist"];

    /// <summary>How tables call a trainer.</summary>
    public static string NameOf(string trainer) => trainer switch
    {
        "mlp" => "**DigitML** `Mlp()`, the thesis recipe",
        "mlp-fast" => "**DigitML** `Mlp(…)`, recipe `fast`",
        "lightgbm" => "LightGbm",
        "sdca" => "SdcaMaximumEntropy",
        "lbfgs" => "LbfgsMaximumEntropy",
        _ => "FastForest, one versus all",
    };

    /// <summary>How headings call a data set.</summary>
    public static string TitleOf(string dataSet) => dataSet switch
    {
        "mnist" => "MNIST, all 60,000 training digits",
        "mnist-10000" => "MNIST, the first 10,000 training digits",
        "digits" => "scikit-learn's digits: 1,797 rows, 64 features, 10 classes",
        "wine" => "scikit-learn's wine: 178 rows, 13 features, 3 classes",
        _ => "scikit-learn's breast cancer: 569 rows, 30 features, 2 classes",
    };

    /// <summary>Whether the data are MNIST's.</summary>
    public static bool IsMnist(string dataSet) => dataSet.StartsWith("mnist", StringComparison.Ordinal);

    /// <summary>Whether a trainer has something to show on a data set: the recipe that turns pictures only on pictures.</summary>
    public static bool IsMeant(string trainer, string dataSet) => trainer != "mlp-fast" || IsMnist(dataSet);

    /// <summary>Trains, tests, and gives a line of JSON.</summary>
    public static string Measure(string trainer, string dataSet, string folder)
    {
        var ml = new MLContext(seed: 1);
        var (rows, test, classes) = Load(dataSet, folder);
        var result = test is null ? CrossValidated(ml, trainer, dataSet, rows, classes) : Once(ml, trainer, dataSet, rows, test, classes);
        return JsonSerializer.Serialize(result);
    }

    private static MLNetResult Once(MLContext ml, string trainer, string dataSet, List<Row> train, List<Row> test, int classes)
    {
        var data = View(ml, train, classes);
        var clock = Stopwatch.StartNew();
        var model = Pipeline(ml, trainer).Fit(data);
        var seconds = clock.Elapsed.TotalSeconds;
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(View(ml, test, classes)));
        return new MLNetResult(trainer, dataSet, metrics.MicroAccuracy, metrics.LogLoss, seconds, Size(ml, model, data), true);
    }

    private static MLNetResult CrossValidated(MLContext ml, string trainer, string dataSet, List<Row> rows, int classes)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        new SeededRandom(1, 0).Shuffle(order);
        var (correct, loss, seconds, bytes) = (0.0, 0.0, 0.0, 0L);
        for (var fold = 0; fold < Folds; fold++)
        {
            List<Row> train = [.. order.Where((_, i) => i % Folds != fold).Select(i => rows[i])];
            List<Row> test = [.. order.Where((_, i) => i % Folds == fold).Select(i => rows[i])];
            var one = Once(ml, trainer, dataSet, train, test, classes);
            correct += one.Accuracy * test.Count;
            loss += one.LogLoss * test.Count;
            seconds += one.Seconds;
            bytes = one.Bytes;
        }

        return new MLNetResult(trainer, dataSet, correct / rows.Count, loss / rows.Count, seconds, bytes, true);
    }

    private static IEstimator<ITransformer> Pipeline(MLContext ml, string trainer)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        return trainer switch
        {
            "mlp" => trainers.Mlp(),
            "mlp-fast" => trainers.Mlp(new MlpTrainerOptions { Network = Recipes.Fast }),
            "lightgbm" => trainers.LightGbm(),
            "sdca" => ml.Transforms.NormalizeMinMax("Features").AppendCacheCheckpoint(ml).Append(trainers.SdcaMaximumEntropy()),
            "lbfgs" => ml.Transforms.NormalizeMinMax("Features").AppendCacheCheckpoint(ml).Append(trainers.LbfgsMaximumEntropy()),
            "fastforest" => trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastForest()),
            _ => throw new IO.DigitException($"trainer must be one of {string.Join(", ", Trainers)}; got '{trainer}'."),
        };
    }

    private static long Size(MLContext ml, ITransformer model, IDataView data)
    {
        using var zip = new MemoryStream();
        ml.Model.Save(model, data.Schema, zip);
        return zip.Length;
    }

    private static IDataView View(MLContext ml, List<Row> rows, int classes)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    private static (List<Row> Rows, List<Row>? Test, int Classes) Load(string dataSet, string folder)
    {
        if (IsMnist(dataSet))
        {
            var mnist = Mnist.LoadAsync(folder).GetAwaiter().GetResult();
            return (Rows(dataSet == "mnist" ? mnist.Train : mnist.Train.Take(10_000)), Rows(mnist.Test), 10);
        }

        List<Row> rows = [];
        foreach (var line in File.ReadLines(Path.Combine(folder, dataSet + ".csv")))
        {
            var numbers = Array.ConvertAll(line.Split(','), text => float.Parse(text, CultureInfo.InvariantCulture));
            rows.Add(new Row { Features = numbers[..^1], Label = (uint)numbers[^1] });
        }

        return (rows, null, (int)rows.Max(row => row.Label) + 1);
    }

    private static List<Row> Rows(LabelledImages images) =>
        [.. Enumerable.Range(0, images.Count).Select(i => new Row { Features = [.. images.Image(i).ToArray().Select(pixel => (float)pixel)], Label = images.Labels[i] })];

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}

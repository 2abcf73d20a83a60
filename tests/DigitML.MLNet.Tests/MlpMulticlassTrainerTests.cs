using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace DigitML.MLNet.Tests;

public class MlpMulticlassTrainerTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Evaluate_Digits_EqualsTheLibrarysOwn()
    {
        var (train, test) = (SyntheticDigits.Create(800, seed: 31), SyntheticDigits.Create(400, seed: 32));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [32], numberOfEpochs: 6));

        var model = pipeline.Fit(Made.Digits(_ml, train));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Made.Digits(_ml, test)), topKPredictionCount: 3);

        var network = model.LastTransformer.Model.Network;
        var expected = network.Evaluate(test);
        Assert.Equal(expected.MicroAccuracy, metrics.MicroAccuracy, 1e-6);
        Assert.Equal(expected.MacroAccuracy, metrics.MacroAccuracy, 1e-6);
        Assert.Equal(expected.LogLoss, metrics.LogLoss, 1e-6);
        Assert.Equal(expected.TopKAccuracies[2], metrics.TopKAccuracy, 1e-6);
        for (var c = 0; c < 10; c++)
        {
            for (var p = 0; p < 10; p++)
            {
                Assert.Equal(expected.ConfusionMatrix[c, p], metrics.ConfusionMatrix.Counts[c][p]);
            }
        }

        Assert.Contains("Recall", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);

        // Bytes come through as bytes: the same network as from the library itself, weights, chance and all.
        Assert.Equal(new MlpTrainer(new MlpOptions { HiddenLayers = [32], Epochs = 6 }).Fit(train).Model.Layers[0].Weights.ToArray(), network.Layers[0].Weights.ToArray());
    }

    [Fact]
    public void Fit_BehindCategoriesAndScaling_LearnsATable()
    {
        var model = Pipeline().Fit(Flowers(300, seed: 1));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Flowers(150, seed: 2)));

        Assert.True(metrics.MicroAccuracy > 0.93, $"{metrics.MicroAccuracy}");
        var prediction = Predict(model, Flowers(9, seed: 1), new Flower { Length = 30, Width = 1.9f, Soil = "loam" });
        Assert.Equal("versicolor", prediction.PredictedLabel);
        Assert.Equal(1, prediction.Score.Sum(), 1e-5);
        Assert.Equal(["setosa", "versicolor", "virginica"], SlotNames(model.GetOutputSchema(Flowers(1, seed: 1).Schema)["Score"]));
    }

    [Fact]
    public void CrossValidate_FiveFolds_GivesFiveModels()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Flowers(250, seed: 3), Pipeline(), numberOfFolds: 5);

        Assert.Equal(5, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.85, $"{fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void PermutationFeatureImportance_AFeatureThatDecides_CostsAccuracy()
    {
        var data = Flowers(300, seed: 4);
        var model = Pipeline().Fit(data);
        var importance = _ml.MulticlassClassification.PermutationFeatureImportance(model.LastTransformer, model.Transform(data), permutationCount: 3);

        // Length, width, and three kinds of soil.
        Assert.Equal(5, importance.Length);
        Assert.True(importance[0].MicroAccuracy.Mean < -0.2, $"{importance[0].MicroAccuracy.Mean}");
    }

    [Fact]
    public void Fit_AnyTypeOfLabel_PredictsItsValues()
    {
        Assert.Equal([3.5f, 7f], Values<float>(new[] { 7f, 3.5f }));
        Assert.Equal([-2, 40], Values<int>(new[] { -2, 40 }));
        Assert.Equal([1.5, double.MaxValue], Values<double>(new[] { double.MaxValue, 1.5 }));
        Assert.Equal([0ul, ulong.MaxValue], Values<ulong>(new[] { 0ul, ulong.MaxValue }));
        Assert.Equal(["(0)", "ä"], Values<string>(new[] { "ä", "(0)" }));

        T[] Values<T>(T[] labels)
        {
            var rows = Enumerable.Range(0, 60).Select(i => new Labelled<T> { Features = [i % 2, 1], Label = labels[i % 2] });
            var data = _ml.Data.LoadFromEnumerable(rows);
            var model = _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
                .Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4]))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Fit(data);
            var predicted = model.Transform(data).GetColumn<T>("PredictedLabel").ToArray();
            Assert.Equal(rows.Select(row => row.Label), predicted);
            return [.. predicted.Distinct().Order()];
        }
    }

    [Fact]
    public void Fit_ClassesCalledLikeColumns_LeavesTheColumnsAlone()
    {
        string[] names = ["Label", "Features", "Score", "PredictedLabel", "Weight"];
        var rows = Enumerable.Range(0, 200).Select(i => new Labelled<string> { Features = [i % 5, 1], Label = names[i % 5] });
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [16])).Fit(data);

        var output = model.Transform(data);

        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(output).MicroAccuracy);
        Assert.Equal(["Label", "Features", "Score.", "PredictedLabel.", "Weight"], SlotNames(output.Schema["Score"]));
        Assert.Equal([.. rows.Select(row => row.Features[0])], output.GetColumn<float[]>("Features").Select(row => row[0]));
    }

    [Fact]
    public void Fit_MoreClassesThanAByteHas_KnowsThemAll()
    {
        const int Classes = 300;
        var rows = Enumerable.Range(0, 4 * Classes).Select(i => new Labelled<int> { Features = [(i % Classes) & 1, ((i % Classes) >> 1) & 1, i % Classes / 300f], Label = i % Classes });
        var data = _ml.Data.LoadFromEnumerable(rows, SchemaOf<int>(3));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [32], numberOfEpochs: 2)).Fit(data);

        var score = model.GetOutputSchema(data.Schema)["Score"];

        Assert.Equal(Classes, ((VectorDataViewType)score.Type).Size);
        Assert.Equal("299", SlotNames(score)[^1]);
        var network = model.LastTransformer.Model.Network;
        var row = rows.ElementAt(7);
        Assert.Equal(network.Predict(row.Features).Probabilities.ToArray(), model.Transform(data).GetColumn<float[]>("Score").ElementAt(7));
    }

    [Fact]
    public void Fit_ProgressLogAndValidationSet_AreUsed()
    {
        var (reports, lines) = (new List<EpochReport>(), new List<string>());
        _ml.Log += (_, line) => lines.Add(line.Message);
        var preparation = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Length", "Width")).Fit(Flowers(90, seed: 6));
        var trainer = _ml.MulticlassClassification.Trainers.Mlp(new MlpTrainerOptions
        {
            Network = new MlpOptions { HiddenLayers = [8], Epochs = 3 },
            MoreEpochsForSmallTables = false,
            ExampleWeightColumnName = "Weight",
            Progress = new EpochProgress(reports.Add),
        });

        var model = trainer.Fit(preparation.Transform(Flowers(90, seed: 6)), preparation.Transform(Flowers(40, seed: 7)));

        Assert.Equal([1, 2, 3], reports.Select(report => report.Epoch));
        Assert.Equal((90, 40), (model.Model.History.TrainingImages, model.Model.History.ValidationImages));
        Assert.Equal(3, lines.Count(line => line.Contains("] epoch ", StringComparison.Ordinal) && line.Contains("validation: loss", StringComparison.Ordinal)));
        Assert.Equal(["setosa", "versicolor", "virginica"], model.Model.ClassNames);
        Assert.Equal("""["Length","Width"]""", model.Model.Network.Metadata["featureNames"]);
    }

    [Fact]
    public void Fit_Cancelled_KeepsWhatItHasAndSaysSo()
    {
        using var source = new CancellationTokenSource();
        var warnings = new List<string>();
        _ml.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(line.Message);
            }
        };
        var trainer = _ml.MulticlassClassification.Trainers.Mlp(new MlpTrainerOptions
        {
            Network = new MlpOptions { HiddenLayers = [8], Epochs = 500 },
            CancellationToken = source.Token,
            Progress = new EpochProgress(report =>
            {
                if (report.Epoch == 2)
                {
                    source.Cancel();
                }
            }),
        });

        var model = trainer.Fit(Prepared(90));

        Assert.Equal(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.Contains(warnings, line => line.Contains("Cancelled after 2 of ", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_SmallTable_GetsMoreEpochsUnlessTheirNumberIsGiven()
    {
        Assert.InRange(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4]).Fit(Prepared(120)).Model.History.Epochs.Count, 100, 834);
        Assert.Equal(7, _ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4], numberOfEpochs: 7).Fit(Prepared(120)).Model.History.Epochs.Count);
    }

    [Fact]
    public void Fit_WhatUsersGetWrong_NamesTheColumn()
    {
        var trainer = _ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4], numberOfEpochs: 1);
        var flowers = Flowers(30, seed: 8);
        var features = _ml.Transforms.Concatenate("Features", "Length", "Width");
        var key = _ml.Transforms.Conversion.MapValueToKey("Label");

        Says("Schema mismatch for label column 'Label': expected Key<UInt32> (MapValueToKey makes one), got String", () => features.Append(trainer).Fit(flowers));
        Says("Could not find feature column 'Features'. There are: 'Length', 'Width', 'Soil', 'Label', 'Weight'", () => key.Append(trainer).Fit(flowers));
        Says("Could not find label column 'Labels'", () => features.Append(_ml.MulticlassClassification.Trainers.Mlp("Labels")).Fit(flowers));
        Says("Schema mismatch for feature column 'Length': expected Vector<Single> of known size, got Single", () => key.Append(_ml.MulticlassClassification.Trainers.Mlp(featureColumnName: "Length")).Fit(flowers));
        Says("Could not find weight column 'Importance'", () => key.Append(features).Append(_ml.MulticlassClassification.Trainers.Mlp(exampleWeightColumnName: "Importance")).Fit(flowers));
        Says("Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got", () => key.Append(trainer).Fit(_ml.Data.LoadFromEnumerable(new[] { new Unsized { Features = [1], Label = "a" } })));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_AValueThatIsNotFinite_NamesColumnRowAndFeature(float value)
    {
        var flowers = Made.Flowers(30, seed: 9).ToArray();
        flowers[4].Width = value;
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Length", "Width")).Append(_ml.MulticlassClassification.Trainers.Mlp());

        Says("column 'Features': expected finite values but row 4 has ", () => pipeline.Fit(_ml.Data.LoadFromEnumerable(flowers)));
        Says("in feature 'Width'. Replace missing values or drop the row.", () => pipeline.Fit(_ml.Data.LoadFromEnumerable(flowers)));
    }

    [Fact]
    public void Fit_TooLittle_SaysWhatIsMissing()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Length", "Width")).Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4], numberOfEpochs: 2));

        Says("training needs at least two classes; every label is 'setosa'", () => pipeline.Fit(_ml.Data.LoadFromEnumerable(Made.Flowers(30, seed: 10).Where(flower => flower.Label == "setosa"))));
        Says("label column 'Label'", () => pipeline.Fit(_ml.Data.LoadFromEnumerable(Made.Flowers(30, seed: 10).Where(flower => flower.Label == "setosa"))));
        Says("Training set has 0 rows", () => pipeline.Fit(_ml.Data.LoadFromEnumerable(Array.Empty<Flower>())));

        // A class with one row trains, and is not held out.
        var few = Made.Flowers(40, seed: 11).Append(new Flower { Length = 100, Width = 9, Label = "rare" });
        Assert.Equal(4, pipeline.Fit(_ml.Data.LoadFromEnumerable(few)).LastTransformer.Model.ClassNames.Count);
    }

    [Fact]
    public void Fit_LabelsThatAreMissing_AreSkippedAndCounted()
    {
        var lines = new List<string>();
        _ml.Log += (_, line) => lines.Add(line.Message);
        var known = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Length", "Width")).Fit(Flowers(30, seed: 12));
        var strange = Made.Flowers(60, seed: 13).ToArray();
        strange[5].Label = "unknown";
        strange[6].Label = "unheard of";

        var model = _ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [4], numberOfEpochs: 2).Fit(known.Transform(_ml.Data.LoadFromEnumerable(strange)));

        Assert.Equal(58, model.Model.History.TrainingImages + model.Model.History.ValidationImages);
        Assert.Contains(lines, line => line.Contains("Skipped 2 rows whose label in column 'Label' is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Transform_AFeatureThatIsMissing_PredictsNothing()
    {
        var model = Pipeline().Fit(Flowers(60, seed: 14));
        var prediction = Predict(model, Flowers(9, seed: 1), new Flower { Length = float.NaN, Width = 1, Soil = "clay" });

        Assert.True(float.IsNaN(prediction.Score[0]));
        Assert.True(string.IsNullOrEmpty(prediction.PredictedLabel));
    }

    internal static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static SchemaDefinition SchemaOf<T>(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Labelled<T>));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    private static void Says(string expected, Action action)
    {
        var error = Record.Exception(action);
        Assert.NotNull(error);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private IDataView Flowers(int count, int seed) => _ml.Data.LoadFromEnumerable(Made.Flowers(count, seed));

    private IDataView Prepared(int count)
    {
        var flowers = Flowers(count, seed: 15);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Length", "Width")).Fit(flowers).Transform(flowers);
    }

    private EstimatorChain<MlpPredictionTransformer> Pipeline() =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Soil"))
            .Append(_ml.Transforms.NormalizeMinMax("Length"))
            .Append(_ml.Transforms.Concatenate("Features", "Length", "Width", "Soil"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [16]));

    private FlowerPrediction Predict(TransformerChain<MlpPredictionTransformer> model, IDataView data, Flower flower) =>
        _ml.Model.CreatePredictionEngine<Flower, FlowerPrediction>(new TransformerChain<ITransformer>(model, _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(data)))).Predict(flower);
}

/// <summary>Two features and a label of any type.</summary>
internal sealed class Labelled<T>
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public T Label { get; set; } = default!;
}

/// <summary>Features whose number is not said.</summary>
internal sealed class Unsized
{
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}

/// <summary>What is asked of a model.</summary>
internal sealed class FlowerPrediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

using System.Text.Json.Nodes;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Evaluation;

public sealed class EvaluationJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Six classes of which the last neither occurs nor is predicted.</summary>
    private static EvaluationResult Sample()
    {
        var (five, labels) = EvaluationResultTests.Random(211, 5, seed: 41);
        var six = new float[211 * 6];
        for (var i = 0; i < 211; i++)
        {
            five.AsSpan(i * 5, 5).CopyTo(six.AsSpan(i * 6));
        }

        return EvaluationResult.From(six, labels, 6, "random", isSynthetic: true) with { ModelHash = "ab", DataHash = "cd" };
    }

    [Fact]
    public void ToJson_ReadBackAndWrittenAgain_IsTheSameText()
    {
        var json = Sample().ToJson();
        var again = EvaluationResult.FromJson(json);
        Assert.Equal(json, again.ToJson());
        Assert.True(double.IsNaN(again.PerClass[5].Recall));
        Assert.Equal(Sample().MostConfidentlyWrong, again.MostConfidentlyWrong);
        Assert.Equal(Sample().ConfusionMatrix.Counts.ToArray(), again.ConfusionMatrix.Counts.ToArray());
    }

    [Fact]
    public void ToJson_Fields_AreThoseOfTheContract()
    {
        var result = Sample();
        var json = JsonNode.Parse(result.ToJson())!.AsObject();
        Assert.Equal(
            ["dataset", "synthetic", "count", "accuracy", "accuracyInterval", "macroAccuracy", "logLoss", "logLossReduction", "topKAccuracy", "expectedCalibrationError", "confusionMatrix", "perClass", "calibrationBins", "mostConfidentlyWrong", "misclassifiedIndices", "modelHash", "dataHash"],
            json.Select(field => field.Key));
        Assert.Equal("random", (string?)json["dataset"]);
        Assert.True((bool)json["synthetic"]!);
        Assert.Equal(211, (int)json["count"]!);
        Assert.Equal(result.MicroAccuracy, (double)json["accuracy"]!);
        Assert.Equal(result.ConfusionMatrix[2, 3], (int)json["confusionMatrix"]![2]![3]!);
        Assert.Null(json["perClass"]![5]!["recall"]);
        Assert.Equal(["class", "support", "precision", "recall", "f1", "logLoss"], json["perClass"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal(["index", "label", "predicted", "probability"], json["mostConfidentlyWrong"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal(["lower", "upper", "count", "confidence", "accuracy"], json["calibrationBins"]![0]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void ToJson_ConfusionMatrix_IsOneLineARow()
    {
        var result = EvaluationResult.From([1f, 0f, 0f, 1f], [0, 0], 2, "x");
        Assert.Contains("[1, 1]", result.ToJson());
        Assert.DoesNotContain('\r', result.ToJson());
        Assert.EndsWith("}\n", result.ToJson());
    }

    [Fact]
    public void Load_WhatSaveWrote_IsTheSame()
    {
        var path = _folder.File("evaluation.json");
        Sample().Save(path);
        Assert.Equal(Sample().ToJson(), EvaluationResult.Load(path).ToJson());
    }

    [Fact]
    public void FromJson_FieldsUnknown_ArePassedOver()
    {
        var json = JsonNode.Parse(Sample().ToJson())!;
        json["later"] = new JsonObject { ["temperature"] = 1.2 };
        Assert.Equal(Sample().ToJson(), EvaluationResult.FromJson(json.ToJsonString()).ToJson());
    }

    [Fact]
    public void Load_CutFile_IsOneLineThatNamesIt()
    {
        var path = _folder.File("cut.json");
        File.WriteAllText(path, Sample().ToJson()[..300]);
        var error = Assert.Throws<DigitException>(() => EvaluationResult.Load(path));
        Assert.StartsWith($"{path}: expected an evaluation as DigitML writes it, but: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "null")]
    [InlineData("[]", "")]
    [InlineData("{}", "dataset")]
    public void FromJson_SomethingElse_IsRefused(string json, string hint)
    {
        var error = Assert.Throws<DigitException>(() => EvaluationResult.FromJson(json));
        Assert.Contains(hint, error.Message);
    }

    [Theory]
    [InlineData("accuracy", "0.99", "accuracy")]
    [InlineData("count", "212", "count")]
    [InlineData("logLoss", "-1", "logLoss must be at least 0")]
    [InlineData("logLoss", "null", "$.logLoss")]
    [InlineData("dataset", "null", "dataset")]
    [InlineData("confusionMatrix", "[[1, 2], [3]]", "one length")]
    [InlineData("confusionMatrix", "[[1, 2]]", "square")]
    [InlineData("confusionMatrix", "[[]]", "square")]
    [InlineData("confusionMatrix", "[[-1]]", "whole numbers")]
    [InlineData("confusionMatrix", "[[1.5]]", "whole numbers")]
    [InlineData("confusionMatrix", "7", "array of rows")]
    [InlineData("confusionMatrix", "[[5]]", "must hold 1 classes")]
    [InlineData("perClass", "[]", "must hold 6 classes")]
    [InlineData("perClass", "[null, null, null, null, null, null]", "perClass[0]")]
    [InlineData("topKAccuracy", "[0, 0, 0, 0, 0, 2]", "topKAccuracy")]
    [InlineData("calibrationBins", "[]", "must hold 211 images")]
    [InlineData("mostConfidentlyWrong", "[{\"index\": 1, \"label\": 6, \"predicted\": 0, \"probability\": 1}]", "classes that exist")]
    public void FromJson_FieldThatContradicts_IsNamed(string field, string value, string hint)
    {
        var json = JsonNode.Parse(Sample().ToJson())!;
        json[field] = JsonNode.Parse(value);
        var error = Assert.Throws<DigitException>(() => EvaluationResult.FromJson(json.ToJsonString()));
        Assert.Contains(hint, error.Message);
    }
}

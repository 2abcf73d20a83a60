using System.Text.Json.Nodes;
using DigitML.IO;
using DigitML.Tests.IO;
using DigitML.Training;

namespace DigitML.Tests.Training;

public sealed class TrainingHistoryJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingHistory Sample() => new()
    {
        Dataset = "drawn digits",
        IsSynthetic = true,
        Options = new MlpOptions { HiddenLayers = [37, 11], Epochs = 3, Optimizer = Optimizer.Sgd, Schedule = LearningRateSchedule.Cosine, Seed = -7, PixelScaling = PixelScaling.Standardize },
        Epochs = [Epoch(1, 0.75, 0.5, 0.625), Epoch(2, double.NaN, null, null)],
        BestEpoch = 1,
        StopReason = StopReason.EarlyStopping,
        TrainSeconds = 12.5,
        Parameters = 29_590,
        Threads = 2,
        TrainingImages = 803,
        ValidationImages = 197,
        DataHash = "ab",
    };

    private static EpochReport Epoch(int epoch, double trainLoss, double? validationLoss, double? validationAccuracy) => new()
    {
        Epoch = epoch,
        Epochs = 3,
        ImagesDone = 803,
        ImagesTotal = 803,
        IsComplete = true,
        TrainLoss = trainLoss,
        TrainAccuracy = 0.875,
        ValidationLoss = validationLoss,
        ValidationAccuracy = validationAccuracy,
        Seconds = 1.5,
        LearningRate = 1e-3f,
    };

    [Fact]
    public void Load_WhatSaveWrote_IsTheSame()
    {
        var path = _folder.File("history.json");
        Sample().Save(path);
        var again = TrainingHistory.Load(path);
        Assert.Equal(Sample().Epochs, again.Epochs);
        Assert.Equal(Sample().Options.HiddenLayers, again.Options.HiddenLayers);
        Assert.Equal(Sample().ToJson(), again.ToJson());
    }

    [Fact]
    public void ToJson_Fields_AreThoseOfTheContract()
    {
        var json = JsonNode.Parse(Sample().ToJson())!.AsObject();
        Assert.Equal(
            ["dataset", "synthetic", "options", "epochs", "bestEpoch", "stopReason", "trainSeconds", "parameters", "threads", "trainingImages", "validationImages", "dataHash"],
            json.Select(field => field.Key));
        Assert.Equal(
            ["epoch", "trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", "seconds", "learningRate"],
            json["epochs"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal("earlyStopping", (string?)json["stopReason"]);
        Assert.Equal("sgd", (string?)json["options"]!["optimizer"]);
        Assert.Equal(37, (int)json["options"]!["hiddenLayers"]![0]!);
        Assert.Null(json["epochs"]![1]!["trainLoss"]);
        Assert.Null(json["epochs"]![1]!["validationLoss"]);
        Assert.True((bool)json["synthetic"]!);
    }

    [Fact]
    public void FromJson_OptionNotThere_HasItsDefault()
    {
        var json = JsonNode.Parse(Sample().ToJson())!;
        json["options"] = new JsonObject { ["batchSize"] = 7, ["later"] = 1 };
        var options = TrainingHistory.FromJson(json.ToJsonString()).Options;
        Assert.Equal(new MlpOptions { BatchSize = 7, HiddenLayers = options.HiddenLayers }, options);
        Assert.Equal([128, 32], options.HiddenLayers);
    }

    [Theory]
    [InlineData("dataset", "\"\"", "dataset must name the data")]
    [InlineData("bestEpoch", "3", "bestEpoch must be 0 to 2")]
    [InlineData("stopReason", "\"tired\"", "$.stopReason")]
    [InlineData("stopReason", "0", "$.stopReason")]
    [InlineData("options", "7", "options must be an object")]
    [InlineData("options", "{\"learningRate\": -0.1}", "LearningRate must be finite and greater than 0; got -0.1.")]
    [InlineData("options", "{\"hiddenLayers\": null}", "$.hiddenLayers")]
    [InlineData("epochs", "[null]", "epochs[0]")]
    [InlineData("epochs", "[{\"epoch\":2,\"trainLoss\":1,\"trainAccuracy\":1,\"validationLoss\":1,\"validationAccuracy\":1,\"seconds\":1,\"learningRate\":1}]", "epochs[0] must be epoch 1")]
    [InlineData("epochs", "[{\"epoch\":1,\"trainLoss\":1,\"trainAccuracy\":2,\"validationLoss\":1,\"validationAccuracy\":1,\"seconds\":1,\"learningRate\":1}]", "epochs[0] must have accuracies from 0 to 1")]
    [InlineData("threads", "0", "parameters and threads")]
    public void FromJson_FieldOutOfRange_IsNamed(string field, string value, string hint)
    {
        var json = JsonNode.Parse(Sample().ToJson())!;
        json[field] = JsonNode.Parse(value);
        var error = Assert.Throws<DigitException>(() => TrainingHistory.FromJson(json.ToJsonString()));
        Assert.Contains(hint, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_CutFile_IsOneLineThatNamesIt()
    {
        var path = _folder.File("cut.json");
        File.WriteAllText(path, Sample().ToJson()[..100]);
        var error = Assert.Throws<DigitException>(() => TrainingHistory.Load(path));
        Assert.StartsWith($"{path}: expected a training history as DigitML writes it, but: ", error.Message);
    }

    [Fact]
    public void OptionsFromJson_WhatToJsonWrote_IsTheSameOnOneLine()
    {
        var options = Sample().Options;
        Assert.DoesNotContain('\n', options.ToJson());
        Assert.Equal(options.ToJson(), MlpOptions.FromJson(options.ToJson()).ToJson());
        Assert.Contains("expected training options", Assert.Throws<DigitException>(() => MlpOptions.FromJson("{")).Message);
    }
}

using DigitML.Data;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class TrainingDataTests
{
    private static readonly MlpOptions Options = new() { HiddenLayers = [19], Epochs = 2, BatchSize = 23, Seed = 4 };

    [Fact]
    public void Fit_SetsOfTheCallers_AreTrainedOnAndValidated()
    {
        var train = SyntheticDigits.Create(170, seed: 31);
        var validation = SyntheticDigits.Create(40, seed: 32);

        var history = new MlpTrainer(Options).Fit(new TrainingData(train, validation)).History;

        Assert.Equal((170, 40, train.Hash), (history.TrainingImages, history.ValidationImages, history.DataHash));
        Assert.NotNull(history.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Fit_WithoutValidation_ReportsNone()
    {
        var history = new MlpTrainer(Options).Fit(new TrainingData(SyntheticDigits.Create(60, seed: 33))).History;
        Assert.Equal(0, history.ValidationImages);
        Assert.Null(history.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Fit_Outliers_AreTaughtToBeOfNoClass()
    {
        var train = SyntheticDigits.Create(300, seed: 34);
        var outliers = Inverted(SyntheticDigits.Create(120, seed: 35));
        var options = Options with { Epochs = 8 };

        var plain = new MlpTrainer(options).Fit(new TrainingData(train)).Model;
        var exposed = new MlpTrainer(options).Fit(new TrainingData(train, outliers: outliers)).Model;

        double Sureness(DigitML.Models.Mlp model) => Enumerable.Range(0, outliers.Count).Average(i => model.Predict(outliers.Image(i)).Probability);
        Assert.InRange(Sureness(exposed), 0.1, 0.2);
        Assert.True(Sureness(plain) > 0.3);
    }

    [Fact]
    public void Fit_Outliers_AreNotPartOfAnyClassWhateverTheirLabels()
    {
        var train = SyntheticDigits.Create(90, seed: 36);
        var labelled = Inverted(SyntheticDigits.Create(30, seed: 37));
        var unlabelled = new LabelledImages("no labels", 28, 28, labelled.PixelMemory);

        var one = new MlpTrainer(Options).Fit(new TrainingData(train, outliers: labelled)).Model;
        var other = new MlpTrainer(Options).Fit(new TrainingData(train, outliers: unlabelled)).Model;

        Assert.Equal(one.Layers[0].Weights.ToArray(), other.Layers[0].Weights.ToArray());
        Assert.Equal(10, one.ClassCount);
    }

    [Fact]
    public void Split_AFraction_HoldsOutTheSameShareOfEachClass()
    {
        var data = TrainingData.Split(SyntheticDigits.Create(200, seed: 38), 0.25, seed: 5);

        var validation = data.ValidationImages();

        Assert.Equal((150, 50), (data.TrainingImages().Count, validation.Count));
        Assert.All(Enumerable.Range(0, 10), digit => Assert.Equal(5, validation.Labels.ToArray().Count(label => label == digit)));
    }

    [Fact]
    public void New_ValidationOfAnotherSizeOrClass_SaysWhatWasFound()
    {
        var train = SyntheticDigits.Create(50, seed: 39).Select([.. Enumerable.Range(0, 50)]);
        var small = new LabelledImages("small", 3, 3, new byte[18], new byte[] { 0, 1 });
        var letters = new LabelledImages("letters", 28, 28, new byte[2 * 784], new byte[] { 0, 25 });
        var unlabelled = new LabelledImages("bare", 28, 28, new byte[784]);

        Assert.Equal("small: expected images of 28×28 as synthetic digits has; found 3×3.", Message(small));
        Assert.Equal("letters: expected labels 0 to 9, those of synthetic digits; found 25.", Message(letters));
        Assert.Equal("bare: validation needs labelled images; these have no labels.", Message(unlabelled));
        string Message(LabelledImages validation) => Assert.Throws<ArgumentException>(() => new TrainingData(train, validation)).Message;
    }

    private static LabelledImages Inverted(LabelledImages images) =>
        new(images.Name, images.Width, images.Height, Array.ConvertAll(images.Pixels.ToArray(), pixel => (byte)(255 - pixel)), images.LabelMemory, isSynthetic: true);
}

using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Tests.Options;

public class TrainingOptionSetTests
{
    private static MlpOptions Read(string line)
    {
        var set = new TrainingOptionSet();
        var command = new Command("train");
        set.AddTo(command);
        var parse = command.Parse(line);
        Assert.Empty(parse.Errors);
        return set.Read(parse);
    }

    [Fact]
    public void Read_Nothing_IsTheThesis() => Assert.Equal(Recipes.Thesis, Read(""));

    [Theory]
    [InlineData("thesis")]
    [InlineData("FAST")]
    [InlineData("plain")]
    [InlineData("record")]
    public void Read_Recipe_IsTheLibrarys(string name) => Assert.Equal(Recipes.ByName(name), Read($"--recipe {name}"));

    [Fact]
    public void Read_RecipeReader_IsTheReadersOwn() => Assert.Equal(DigitML.Reading.ReaderTrainer.Recipe, Read("--recipe reader"));

    [Fact]
    public void Read_EveryOption_ReplacesTheRecipes()
    {
        var options = Read("--recipe fast --hidden 33,7 --epochs 3 --batch-size 41 --optimizer sgd --learning-rate 0.25 --momentum 0.5 "
            + "--weight-decay 0.125 --dropout 0.0625 --input-dropout 0.25 --max-norm 2.5 --batch-norm on --hidden-noise 0.1875 --label-smoothing 0.375 --average-decay 0.75 --augment mixup=0.5,rotation=4 --schedule step --warmup 2 --validation 0.3 --patience 4 --scaling standardize --teacher committee.onnx --teacher-share 0.25 --teacher-temperature 3 --seed -9 --threads 3");

        Assert.Equal([33, 7], options.HiddenLayers);
        Assert.Equal(
            Recipes.Fast with
            {
                HiddenLayers = options.HiddenLayers,
                Epochs = 3,
                BatchSize = 41,
                Optimizer = Optimizer.Sgd,
                LearningRate = 0.25f,
                Momentum = 0.5f,
                WeightDecay = 0.125f,
                Dropout = 0.0625f,
                InputDropout = 0.25f,
                MaxNorm = 2.5f,
                BatchNormalization = true,
                HiddenNoise = 0.1875f,
                LabelSmoothing = 0.375f,
                AverageDecay = 0.75f,
                Augmentation = new() { RotationDegrees = 4, Mixup = 0.5f },
                Schedule = LearningRateSchedule.Step,
                WarmupEpochs = 2,
                ValidationFraction = 0.3,
                EarlyStoppingPatience = 4,
                PixelScaling = PixelScaling.Standardize,
                Distillation = new() { Share = 0.25f, Temperature = 3 },
                Seed = -9,
                Threads = 3,
            },
            options);
    }

    [Fact]
    public void Read_AugmentEveryChange_IsEveryPropertyOfTheLibrarys()
    {
        var text = string.Join(", ", AugmentationText.Names.Select((name, i) => FormattableString.Invariant($"{name}={(i + 1) / 100.0 + (name == "elastic-sigma" ? 1 : 0)}")));
        var options = AugmentationText.Parse(text)!;

        var values = typeof(AugmentationOptions).GetProperties().Where(property => property.PropertyType == typeof(float)).Select(property => (float)property.GetValue(options)!).ToArray();
        Assert.Equal(AugmentationText.Names.Count(), values.Length);
        Assert.Equal(values.Length, values.Distinct().Count());
        Assert.DoesNotContain(0, values);
        Assert.Null(Read("--recipe fast --augment none").Augmentation);
        Assert.Equal(Recipes.Fast.Augmentation, Read("--recipe fast").Augmentation);
    }

    [Fact]
    public void Read_HiddenNone_IsSoftmaxRegression() => Assert.Empty(Read("--hidden none").HiddenLayers);

    [Fact]
    public void Read_FewerEpochsThanTheRecipesWarmUp_ShortensIt() => Assert.Equal(0, Read("--recipe fast --epochs 1").WarmupEpochs);

    [Fact]
    public void Read_BatchNormalizationOff_TakesTheRecipesNoiseWithIt() => Assert.Equal((0, 0.3f), (Read("--recipe plain --batch-norm off").HiddenNoise, Read("--recipe plain").HiddenNoise));

    [Theory]
    [InlineData("--hidden-noise 0.3", "--hidden-noise needs normalised sums; turn --batch-norm on.")]
    [InlineData("--learning-rate NaN", "--learning-rate must be finite and greater than 0; got NaN.")]
    [InlineData("--learning-rate -0.1", "--learning-rate must be finite and greater than 0; got -0.1.")]
    [InlineData("--learning-rate Infinity", "--learning-rate must be finite")]
    [InlineData("--epochs 0", "--epochs must be 1 to 1000000; got 0.")]
    [InlineData("--batch-size -3", "--batch-size must be 1 to 65536; got -3.")]
    [InlineData("--dropout 1", "--dropout must be at least 0 and below 1; got 1.")]
    [InlineData("--validation 1.5", "--validation must be")]
    [InlineData("--threads 5000", "--threads must be")]
    [InlineData("--warmup 25", "--warmup must be at least 0 and below --epochs (25); got 25.")]
    [InlineData("--patience 3 --validation 0", "--patience needs validation images; set --validation above 0.")]
    [InlineData("--augment rotate=3", "--augment takes rotation, slant, scale, shift, elastic, elastic-alpha, elastic-sigma, stroke, blur, fading, noise, remains, mixup, or none; got 'rotate=3'.")]
    [InlineData("--augment rotation", "--augment rotation must be a number, such as rotation=1; got 'rotation'.")]
    [InlineData("--augment shift=2,shift=3", "--augment names shift twice.")]
    [InlineData("--augment rotation=200", "Augmentation.RotationDegrees must be 0 to 180; got 200.")]
    [InlineData("--max-norm -1", "--max-norm must be finite and at least 0; got -1.")]
    [InlineData("--average-decay 1", "--average-decay must be at least 0 and below 1; got 1.")]
    [InlineData("--teacher t.onnx --teacher-share 0", "--teacher-share must be above 0 and at most 1; got 0.")]
    [InlineData("--teacher t.onnx --teacher-temperature 0.5", "--teacher-temperature must be 1 to 100; got 0.5.")]
    [InlineData("--teacher-share 0.5", "--teacher-share needs --teacher FILE")]
    [InlineData("--teacher-temperature 5", "--teacher-temperature needs --teacher FILE")]
    [InlineData("--hidden 128;32", "--hidden must be whole numbers")]
    [InlineData("--hidden 0", "--hidden must hold 1 to 65536 units a layer; got 0.")]
    [InlineData("--hidden 99999999999", "--hidden must be whole numbers")]
    [InlineData("--recipe slow", "--recipe must be one of thesis, fast")]
    public void Read_OutOfRange_NamesTheOptionAsItIsTyped(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<DigitException>(() => Read(line)).Message);

    [Theory]
    [InlineData("--epochs ten", "--epochs must be a whole number; got 'ten'.")]
    [InlineData("--epochs 2.5", "--epochs must be a whole number; got '2.5'.")]
    [InlineData("--epochs 99999999999", "--epochs must be a whole number; got '99999999999'.")]
    [InlineData("--learning-rate fast", "--learning-rate must be a number; got 'fast'.")]
    [InlineData("--optimizer adma", "--optimizer must be one of adam, sgd; got 'adma'.")]
    public void Parse_NotOfItsKind_SaysWhatItMustBe(string line, string expected)
    {
        var command = new Command("train");
        new TrainingOptionSet().AddTo(command);
        Assert.Equal(expected, Assert.Single(command.Parse(line).Errors).Message);
    }
}

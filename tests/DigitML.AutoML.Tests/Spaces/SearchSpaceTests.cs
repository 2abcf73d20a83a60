using DigitML.AutoML.Spaces;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.AutoML.Tests.Spaces;

public class SearchSpaceTests
{
    [Fact]
    public void Sample_ManyPoints_LieInTheSpaceAndHaveWhatTheirConditionsAskFor()
    {
        var space = SearchSpace.ForImages();
        space.Validate();
        var random = new SeededRandom(11, 1);
        var seen = new HashSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            var settings = space.Sample(random);
            var layers = settings["layers"].Whole;
            seen.Add(layers);
            Assert.Equal(layers, settings.Keys.Count(name => name.StartsWith("units", StringComparison.Ordinal)));
            Assert.All(settings, setting => Assert.True(space[setting.Key].Contains(setting.Value), $"{setting.Key} {setting.Value}"));
            Assert.Equal(layers, space.Apply(new MlpOptions(), settings).HiddenLayers.Count);
            Assert.Equal(settings, TrialSettings.FromJson(settings.ToJson()));
        }

        Assert.Equal([1, 2, 3], seen.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Starts_OfTheDefaultSpaces_LieInThem(bool isForImages)
    {
        var space = isForImages ? SearchSpace.ForImages() : SearchSpace.ForTables();
        foreach (var start in space.Starts)
        {
            Assert.Equal(start, space.Fit(start, new SeededRandom(3, 3)));
        }
    }

    [Fact]
    public void NumberParameter_EveryWholeNumber_IsDrawnAboutAsOften()
    {
        var parameter = new NumberParameter("layers", 1, 4) { IsWhole = true };
        var random = new SeededRandom(5, 2);
        var counts = new int[5];
        for (var i = 0; i < 8000; i++)
        {
            counts[parameter.Sample(random).Whole]++;
        }

        Assert.All(counts[1..], count => Assert.InRange(count, 1800, 2200));
    }

    [Fact]
    public void NumberParameter_Logarithmic_DrawsEveryDecadeAlike()
    {
        var parameter = new NumberParameter("learningRate", 1e-4, 1e-1) { IsLogarithmic = true };
        var random = new SeededRandom(6, 2);
        var middle = Enumerable.Range(0, 6000).Count(_ => parameter.Sample(random).Number is > 1e-3 and < 1e-2);
        Assert.InRange(middle, 1850, 2150);
        Assert.Equal(0, parameter.ToUnit(1e-4), 9);
        Assert.Equal(1, parameter.ToUnit(1e-1), 9);
        Assert.Equal(0.5, parameter.ToUnit(Math.Sqrt(1e-5)), 6);
    }

    [Fact]
    public void Fix_NarrowWithoutAndWith_ChangeOnePartAndNothingElse()
    {
        var space = SearchSpace.ForImages()
            .Fix("activation", "gelu")
            .Narrow("learningRate", 1e-3, 2e-3)
            .Narrow("batchSize", 64, 128)
            .Without("dropout")
            .With(new NumberParameter("beta2", 0.9, 0.9999) { Apply = (options, value) => options with { Beta2 = (float)value.Number } });
        var random = new SeededRandom(7, 2);
        for (var i = 0; i < 100; i++)
        {
            var settings = space.Sample(random);
            var options = space.Apply(new MlpOptions(), settings);
            Assert.Equal(HiddenActivation.Gelu, options.Activation);
            Assert.InRange(options.LearningRate, 1e-3f, 2e-3f);
            Assert.Contains(options.BatchSize, (int[])[64, 128]);
            Assert.Equal(0, options.Dropout);
            Assert.InRange(options.Beta2, 0.9f, 0.9999f);
        }
    }

    public static TheoryData<string, SearchSpace> Senseless => new()
    {
        { "The search space is empty", new SearchSpace([]) },
        { "rate: a range must be finite and go from its least to its greatest value; got 2 to 1", new SearchSpace([new NumberParameter("rate", 2, 1)]) },
        { "rate: a range must be finite", new SearchSpace([new NumberParameter("rate", 0, double.NaN)]) },
        { "rate: a logarithmic range must begin above 0", new SearchSpace([new NumberParameter("rate", 0, 1) { IsLogarithmic = true }]) },
        { "count: a range of whole numbers must begin and end with one", new SearchSpace([new NumberParameter("count", 1, 2.5) { IsWhole = true }]) },
        { "kind: a choice must have at least one value", new SearchSpace([new ChoiceParameter("kind")]) },
        { "kind: a choice must have each value once", new SearchSpace([new ChoiceParameter("kind", 1, 1)]) },
        { "width: its condition asks for 'layers'", new SearchSpace([new NumberParameter("width", 1, 2) { Conditions = [new ParameterCondition("layers", [2])] }]) },
        { "kind: a setting must stand in the space once", new SearchSpace([new ChoiceParameter("kind", 1), new ChoiceParameter("kind", 2)]) },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void Validate_WhatMakesNoSense_IsOneLineThatSaysWhere(string expected, SearchSpace space)
    {
        var error = Assert.Throws<ArgumentException>(space.Validate);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Index_ASettingThatIsNotThere_SaysWhichAre()
    {
        var error = Assert.Throws<ArgumentException>(() => SearchSpace.ForTables().Fix("learning-rate", 0.1));
        Assert.Contains("no setting 'learning-rate'; it has layers, units1", error.Message, StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Text;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Plotly;
using DigitML.Reading;
using DigitML.Reports;
using DigitML.Training;

namespace DigitML.Cultures.Tests;

/// <summary>All that the libraries write has the same bytes under every culture, and all of it is read back under every one.</summary>
public class CultureTests
{
    private static readonly Lazy<SortedDictionary<string, string>> s_invariant = new(() => Under("", Written));

    private static readonly AugmentationOptions s_augmentation = new() { RotationDegrees = 7.5f, Shift = 1.5f };
    private static readonly MlpOptions s_options = new() { HiddenLayers = [16], Epochs = 3, Seed = 5, LearningRate = 0.0015f, ValidationFraction = 0.25, Augmentation = s_augmentation };
    private static readonly LabelledImages s_train = SyntheticDigits.Create(600, seed: 11);
    private static readonly LabelledImages s_test = SyntheticDigits.Create(200, seed: 12);
    private static readonly string s_samples = Path.Combine(AppContext.BaseDirectory, "samples");

    /// <summary>Minus signs U+2212 and with marks of direction, commas and other separators, other digits, another case for i, other calendars.</summary>
    public static TheoryData<string> Names => ["sv-SE", "nb-NO", "fi-FI", "fa-IR", "ar-SA", "tr-TR", "de-DE", "fr-CH", "hr-HR", "hi-IN", "th-TH", "lt-LT"];

    [Fact]
    public void Cultures_AreRealOnes()
    {
        RequireCultures();

        Assert.Equal("\u2212", CultureInfo.GetCultureInfo("sv-SE").NumberFormat.NegativeSign);
        Assert.Equal("\u2212 1,5", string.Create(CultureInfo.GetCultureInfo("sv-SE"), $"{-1.5}").Insert(1, " "));
        Assert.Contains(Names, name => CultureInfo.GetCultureInfo(name.Data).NumberFormat.NegativeSign.Length > 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Writers_EveryCulture_WriteTheSameBytes(string culture)
    {
        RequireCultures();

        var written = Under(culture, Written);

        Assert.All(s_invariant.Value, pair => Assert.True(pair.Value == written[pair.Key], $"{culture}: {pair.Key}: {FirstDifference(pair.Value, written[pair.Key])}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Readers_EveryCulture_ReadWhatWasWritten(string culture)
    {
        RequireCultures();
        var written = s_invariant.Value;

        Under(culture, () =>
        {
            Assert.Equal(written["evaluation.json"], EvaluationResult.FromJson(written["evaluation.json"]).ToJson());
            Assert.Equal(written["history.json"], TrainingHistory.FromJson(written["history.json"]).ToJson());
            Assert.Equal(written["options.json"], MlpOptions.FromJson(written["options.json"]).ToJson());
            Assert.Equal(written["model.onnx"], Hex(Mlp.Load(Convert.FromHexString(written["model.onnx"]))));

            var images = FromCsv(Csv(s_train, "{0},"));
            Assert.Equal(s_train.Hash, images.Hash);
            Assert.Contains("-1", Assert.Throws<DigitException>(() => FromCsv(Csv(s_train, "{0},").Replace(",0,", ",-1,", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
            return images;
        });
    }

    private static LabelledImages FromCsv(string text) => CsvReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), s_train.Name);

    /// <summary>Digits as lines of a label and pixels.</summary>
    private static string Csv(LabelledImages images, string pixel)
    {
        var text = new StringBuilder();
        for (var i = 0; i < images.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{images.Label(i)},");
            foreach (var value in images.Image(i))
            {
                text.AppendFormat(CultureInfo.InvariantCulture, pixel, value);
            }

            text.Length--;
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void RequireCultures() =>
        Assert.SkipWhen(AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant) && isInvariant || CultureInfo.GetCultureInfo("sv-SE").NumberFormat.NumberDecimalSeparator == ".", "This process runs without cultures: install ICU, and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");

    private static T Under<T>(string culture, Func<T> work)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentCulture);
        var wanted = CultureInfo.GetCultureInfo(culture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture = wanted;
            return work();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentCulture) = before;
        }
    }

    /// <summary>What is written of: made once, so that times do not differ.</summary>
    private static readonly Lazy<(TrainingResult Result, EvaluationResult Evaluation, EvaluationResult Before)> s_work = new(() => Under("", () =>
    {
        var result = Train();
        return (result, result.Model.Evaluate(s_test), new MlpTrainer(s_options with { Epochs = 1 }).Fit(s_train).Model.Evaluate(s_test));
    }));

    private static TrainingResult Train() => new MlpTrainer(s_options).Fit(s_train);

    private static SortedDictionary<string, string> Written()
    {
        var (result, evaluation, before) = s_work.Value;
        var (model, history) = (result.Model, result.History);
        var gate = new EvaluationGate { MinimumAccuracy = 0.995, MaximumDrop = 0.001 };
        var report = new EvaluationReport { Evaluation = evaluation, Baseline = before, GateChecks = gate.Check(evaluation, before), Model = model, Images = s_test, History = history };
        var reading = new DigitReader(model).Read(Path.Combine(s_samples, "chalk-9.png"));
        var predictions = Enumerable.Range(0, 20).Select(i => model.Predict(s_train.Image(i))).ToArray();
        Figure[] figures =
        [
            Chart.LearningCurves(history), Chart.ConfusionHeatmap(evaluation), Chart.PerClass(evaluation), Chart.Calibration(evaluation),
            Chart.Gallery(s_train.Take(20), predictions), Chart.WorstErrors(evaluation, s_test), Chart.WeightImages(model, 4), Chart.ProbabilityBars(predictions[0]),
        ];
        var written = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["model.onnx"] = Hex(Train().Model),
            ["metadata"] = string.Join('\n', model.Metadata.Select(pair => $"{pair.Key}={pair.Value}")),
            ["evaluation.json"] = evaluation.ToJson(),
            ["history.json"] = history.ToJson(),
            ["options.json"] = s_options.ToJson(),
            ["report.md"] = report.ToMarkdown(),
            ["report.html"] = report.ToHtml(),
            ["card.md"] = new ModelCard(report).ToMarkdown(),
            ["plotly.html"] = figures[0].ToHtml(),
            ["reading.json"] = ReadingDocument.Of("picture", reading, model).ToJson(),
            ["texts"] = string.Join(
                '\n',
                [history, history.Epochs[0], evaluation, evaluation.ConfusionMatrix, evaluation.PerClass[0], evaluation.AccuracyInterval, predictions[0], reading, s_options, s_augmentation, s_train, model, new PixelBox(-1, -2, 3, 4), new ReaderOptions()]),
            ["errors"] = string.Join('\n', Errors()),
        };
        for (var i = 0; i < figures.Length; i++)
        {
            written[$"figure{i}.svg"] = figures[i].ToSvg();
            written[$"figure{i}.json"] = figures[i].ToJson();
        }

        return written;
    }

    /// <summary>Messages with numbers below zero and with fractions.</summary>
    private static IEnumerable<string> Errors()
    {
        Action[] wrong =
        [
            () => new MlpOptions { LearningRate = -0.5f }.Validate(),
            () => new MlpOptions { Epochs = -1 }.Validate(),
            () => new AugmentationOptions { RotationDegrees = -1.5f }.Validate(),
            () => new EvaluationGate { MinimumAccuracy = -0.5 }.Validate(),
        ];
        return wrong.Select(action => Assert.ThrowsAny<ArgumentException>(action).Message);
    }

    private static string Hex(Mlp model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return Convert.ToHexString(stream.ToArray());
    }

    private static string FirstDifference(string expected, string found)
    {
        var at = expected.Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"expected '{Around(expected)}' but found '{Around(found)}'";

        string Around(string text) => text[Math.Max(0, at - 30)..Math.Min(text.Length, at + 30)];
    }
}

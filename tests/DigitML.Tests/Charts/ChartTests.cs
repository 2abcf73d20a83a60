using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Tests.IO;
using DigitML.Tests.Models;

namespace DigitML.Tests.Charts;

public class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Figures_EveryKind_AreTheSameBytesEachTime()
    {
        foreach (var (first, second) in SampleFigures.All().Zip(SampleFigures.All()))
        {
            Assert.Equal(first.Figure.ToJson(), second.Figure.ToJson());
            Assert.Equal(first.Figure.ToSvg(), second.Figure.ToSvg());
        }
    }

    [Fact]
    public void Figures_UnderACultureWithItsOwnSigns_AreTheSameBytes()
    {
        var expected = SampleFigures.All().Select(item => (item.Figure.ToSvg(), item.Figure.ToJson())).ToArray();
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = ("−", ",", ".");
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            // The control: this culture does write numbers otherwise.
            Assert.Equal("−1,5", (-1.5).ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, SampleFigures.All().Select(item => (item.Figure.ToSvg(), item.Figure.ToJson())));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Svg_EveryKind_IsXmlThatKeepsWithinItsFrame()
    {
        foreach (var (name, figure) in SampleFigures.All().Concat(SampleFigures.All(SampleFigures.Hostile + "\u0001\ud800")))
        {
            var root = XDocument.Parse(figure.ToSvg()).Root!;
            Assert.Empty(root.Descendants(Svg + "script"));
            Assert.DoesNotContain("NaN", figure.ToSvg());
            foreach (var element in root.Elements().Where(element => element.Name.LocalName is "rect" or "image" or "circle" or "text" && element.Attribute("transform") is null && (string?)element.Attribute("width") != "100%"))
            {
                var x = (double)(element.Attribute("x") ?? element.Attribute("cx"))!;
                var y = (double)(element.Attribute("y") ?? element.Attribute("cy"))!;
                Assert.True(x >= 0 && x <= figure.Width && y >= 0 && y <= figure.Height, $"{name}: {element}");
            }
        }
    }

    [Fact]
    public void Svg_LearningCurves_HasTheStructureOfItsGolden()
    {
        var root = XDocument.Parse(Chart.LearningCurves(SampleFigures.History()).ToSvg()).Root!;

        // Two panels of two lines, seven epochs; the legend repeats each line and symbol once.
        Assert.Equal(4, root.Elements(Svg + "path").Count(path => (string?)path.Attribute("fill") == "none"));
        Assert.Equal((2 * 7) + 1, root.Elements(Svg + "circle").Count());
        Assert.Equal((2 * 7) + 1, root.Elements(Svg + "path").Count(path => path.Element(Svg + "title") is not null));
        var texts = root.Elements(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("tiny (synthetic) · 811 images, 203 to validate on · hidden layers 19-7 · seed 3", texts);
        Assert.Superset(new HashSet<string> { "Loss", "Accuracy", "Epoch", "Mean cross-entropy, nats", "Images classified correctly, %", "Training", "Validation", "kept: epoch 7" }, texts.ToHashSet());
    }

    [Fact]
    public void LearningCurves_ALastEpochThatIsKept_IsNamedWithinItsPanel()
    {
        var root = XDocument.Parse(Chart.LearningCurves(SampleFigures.History()).ToSvg()).Root!;
        var kept = root.Elements(Svg + "text").Where(text => text.Value == "kept: epoch 7").ToArray();
        Assert.Equal(["end", "end"], kept.Select(text => (string?)text.Attribute("text-anchor")));

        using var json = JsonDocument.Parse(Chart.LearningCurves(SampleFigures.History() with { BestEpoch = 4 }).ToJson());
        var notes = json.RootElement.GetProperty("layout").GetProperty("annotations").EnumerateArray().Where(note => note.GetProperty("text").GetString() == "kept: epoch 4");
        Assert.Equal(["center", "center"], notes.Select(note => note.GetProperty("xanchor").GetString()));
    }

    [Fact]
    public void LearningCurves_AnEpochThatDidBetterInValidation_IsNamed()
    {
        // The sample's validation loss falls to its end, at epoch 7.
        Assert.DoesNotContain("lowest", Chart.LearningCurves(SampleFigures.History()).Subtitle);
        Assert.EndsWith(" · lowest validation loss in epoch 7", Chart.LearningCurves(SampleFigures.History() with { BestEpoch = 4 }).Subtitle);
        Assert.DoesNotContain("lowest", Chart.LearningCurves(SampleFigures.History(validationImages: 0) with { BestEpoch = 4 }).Subtitle);
    }

    [Fact]
    public void Svg_Confusion_HasTrueClass0OnTop()
    {
        // Class 0 right 5 times, once taken for class 2; class 2 never seen.
        var matrix = new ConfusionMatrix(3, [5, 0, 1, 2, 3, 0, 0, 0, 0]);
        var root = XDocument.Parse(Chart.ConfusionHeatmap(Evaluation(matrix)).ToSvg()).Root!;

        var cells = root.Elements(Svg + "rect").Where(rect => rect.Element(Svg + "title")?.Value.StartsWith("True", StringComparison.Ordinal) == true).ToArray();
        Assert.Equal(9, cells.Length);
        var first = Cell("True 0, taken for 2");
        var second = Cell("True 1, taken for 0");
        Assert.True((double)first.Attribute("y")! < (double)second.Attribute("y")!);
        Assert.True((double)first.Attribute("x")! > (double)second.Attribute("x")!);
        Assert.Equal("True 0, taken for 2\n1 of 6 images, 16.67 %", first.Value);
        Assert.Equal("#ffffff", (string?)Cell("True 2, taken for 2").Attribute("fill"));
        Assert.Contains("83.33 %", root.Elements(Svg + "text").Select(text => text.Value));

        XElement Cell(string start) => cells.Single(cell => cell.Value.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public void Gallery_WrongPredictions_AreFramedAndNamed()
    {
        var images = SampleFigures.Images(3, classes: 3);
        Prediction[] predictions = [new(new[] { 0.9f, 0.1f, 0f }), new(new[] { 0.7f, 0.2f, 0.1f }), new(new[] { 0f, 0f, 1f })];

        var figure = Chart.Gallery(images, predictions);

        Assert.Contains("1 wrong", figure.Subtitle);
        using var json = JsonDocument.Parse(figure.ToJson());
        var layout = json.RootElement.GetProperty("layout");
        Assert.Equal(3, layout.GetProperty("images").GetArrayLength());
        var framed = layout.GetProperty("shapes").EnumerateArray().Select(shape => shape.GetProperty("line").GetProperty("width").GetInt32());
        Assert.Equal([1, 3, 1], framed);
        Assert.Contains("1 → 0", figure.ToSvg());
    }

    [Fact]
    public void Gallery_ClassesWithNames_AreCalledByThem()
    {
        var details = new ImageDetails { ClassNames = ["ankle boot", "bag"] };
        var images = new LabelledImages("clothes", 2, 1, new byte[] { 0, 200, 3, 4 }, new byte[] { 0, 1 }, details: details);

        var svg = Chart.Gallery(images, [new(new[] { 0.2f, 0.8f }), new(new[] { 0.1f, 0.9f })]).ToSvg();

        Assert.Contains("ankl… → bag", svg, StringComparison.Ordinal);
        Assert.Contains("true ankle boot", svg, StringComparison.Ordinal);
        Assert.Contains(">bag<", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Gallery_APicture_IsItsPixelsAsInkOnWhite()
    {
        var images = new LabelledImages("two", 2, 1, new byte[] { 0, 200 }, new byte[] { 1 });
        using var json = JsonDocument.Parse(Chart.Gallery(images).ToJson());
        var source = json.RootElement.GetProperty("layout").GetProperty("images")[0].GetProperty("source").GetString()!;

        var picture = DigitML.Imaging.ImageFile.Decode(Convert.FromBase64String(source.Split(',')[1])).Image;

        Assert.Equal((8, 4), (picture.Width, picture.Height));
        Assert.Equal([255, 255, 255, 255, 55, 55, 55, 55], picture.Pixels[..8].ToArray());
    }

    [Fact]
    public void Gallery_WrongNumbers_AreTheCallersMistakeInOneLine()
    {
        Assert.StartsWith("A gallery shows 1 to 400 images; got 401.", Assert.Throws<ArgumentException>(() => Chart.Gallery(SampleFigures.Images(401))).Message);
        Assert.StartsWith("A gallery of 3 images needs as many predictions; got 0.", Assert.Throws<ArgumentException>(() => Chart.Gallery(SampleFigures.Images(3), [])).Message);
    }

    [Fact]
    public void WorstErrors_OfOtherImages_AreRefused()
    {
        var model = SampleFigures.Model();
        var evaluation = model.Evaluate(SampleFigures.Images(61));
        var others = new LabelledImages("other", 9, 11, TestNetworks.Pixels(61 * 99, seed: 8), SampleFigures.Images(61).LabelMemory);

        var error = Assert.Throws<ArgumentException>(() => Chart.WorstErrors(evaluation, others));

        Assert.StartsWith("The images must be those that were evaluated, 61 of tiny; got other", error.Message);
    }

    [Fact]
    public void WeightImages_ModelWithoutASquareInput_NeedsItsSize()
    {
        var model = TestNetworks.Create(5, PixelNormalization.UnitRange, null, 6, 3);
        Assert.StartsWith("The model's 6 inputs are no square picture", Assert.Throws<ArgumentException>(() => Chart.WeightImages(model)).Message);

        var named = TestNetworks.Create(5, PixelNormalization.UnitRange, new() { ["imageSize"] = "3x2" }, 6, 3);
        Assert.Contains("3 of 3 units", Chart.WeightImages(named).Subtitle);
    }

    [Fact]
    public void Calibration_AllCertainAndRight_Draws()
    {
        var probabilities = new float[] { 1, 0, 0, 1 };
        var evaluation = EvaluationResult.From(probabilities, [0, 1], 2, "sure");
        var svg = Chart.Calibration(evaluation).ToSvg();
        Assert.Contains("expected calibration error 0.00 %", svg);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("∞", svg);
    }

    [Fact]
    public void Save_ByTheNamesEnding_WritesThatKind()
    {
        using var folder = new TemporaryFolder();
        var figure = SampleFigures.All()[1].Figure;
        figure.Save(folder.File("a.svg"));
        figure.Save(folder.File("a.JSON"));
        Assert.StartsWith("<svg ", File.ReadAllText(folder.File("a.svg")));
        Assert.StartsWith("{\"data\":[", File.ReadAllText(folder.File("a.JSON")));
        Assert.StartsWith("A figure's file must end in .svg or .json; got '.html'. A page is written by SaveHtml of the package DigitML.Plotly.", Assert.Throws<ArgumentException>(() => figure.Save(folder.File("a.html"))).Message);
    }

    internal static EvaluationResult Evaluation(ConfusionMatrix matrix)
    {
        var (probabilities, labels) = (new List<float>(), new List<byte>());
        for (var t = 0; t < matrix.ClassCount; t++)
        {
            for (var p = 0; p < matrix.ClassCount; p++)
            {
                for (var i = 0; i < matrix[t, p]; i++)
                {
                    labels.Add((byte)t);
                    probabilities.AddRange(Enumerable.Range(0, matrix.ClassCount).Select(c => c == p ? 1f : 0f));
                }
            }
        }

        return EvaluationResult.From(probabilities.ToArray(), labels.ToArray(), matrix.ClassCount, "counted");
    }
}

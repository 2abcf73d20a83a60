using System.Text.Json.Nodes;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Training;
using Microsoft.DotNet.Interactive.Formatting;

namespace DigitML.Notebooks.Tests;

/// <summary>.NET Interactive's own formatter renders the library's results, and this project's runner keeps what it renders.</summary>
/// <remarks>Formatters are the process's, and each notebook that a runner starts sets them back: no test that runs one may run beside these.</remarks>
[Collection(nameof(InteractiveFormattingTests))]
public class InteractiveFormattingTests
{
    private const string PlotlyFigure = "application/vnd.plotly.v1+json";
    private static readonly LabelledImages Images = SyntheticDigits.Create(53, seed: 12);
    private static readonly DigitData Digits = DigitData.LoadAsync(new DigitDataOptions { Dataset = DigitDataOptions.Synthetic, SyntheticTrainCount = 53, SyntheticTestCount = 17 }).GetAwaiter().GetResult();
    private static readonly TrainingResult Training = new MlpTrainer(new MlpOptions { HiddenLayers = [11], Epochs = 2, Seed = 4 }).Fit(Images);
    private static readonly EvaluationResult Evaluation = Training.Model.Evaluate(Images);

    public static TheoryData<string, string> Renderings => new()
    {
        { nameof(Figure), "<svg" },
        { nameof(TrainingHistory), "<svg" },
        { nameof(TrainingResult), "Validation loss" },
        { nameof(Prediction), "<svg" },
        { nameof(LabelledImages), "53 images of 28×28 · the first 30 are shown" },
        { nameof(EvaluationResult), "<th>Precision</th>" },
        { nameof(ConfusionMatrix), "True \\ predicted" },
        { nameof(GreyImage), "<img src=\"data:image/png;base64," },
        { nameof(ReadingResult), "Read <b>" },
        { nameof(DigitData), "53 images of 28&#215;28, 10 classes" },
        { nameof(Mlp), "<td><code>784-11-10</code></td>" },
        { nameof(GateCheck), "<b>Not met.</b> Minimum accuracy: " },
    };

    [Theory]
    [MemberData(nameof(Renderings))]
    public void Html_EveryResult_IsRenderedByDotNetInteractive(string kind, string part)
    {
        var value = Value(kind);
        Assert.Contains(part, value.ToDisplayString("text/html"));
        Assert.Contains(part, new[] { value }.ToDisplayString("text/html"));
    }

    [Theory]
    [InlineData(nameof(Figure), "image/svg+xml")]
    [InlineData(nameof(TrainingHistory), "image/svg+xml")]
    [InlineData(nameof(Prediction), "image/svg+xml")]
    [InlineData(nameof(LabelledImages), "image/svg+xml")]
    [InlineData(nameof(GreyImage), "image/png")]
    [InlineData(nameof(EvaluationResult), "text/html")]
    public void Preference_PicturesAndTables_AreWhatGitHubShows(string kind, string mimeType)
    {
        var value = Value(kind);
        Assert.Equal(mimeType, Formatter.GetPreferredMimeTypesFor(value.GetType()).First());
        string[] interactive = value is Figure or TrainingHistory or Prediction ? [PlotlyFigure] : [];
        Assert.Equal([mimeType, .. interactive, "text/plain"], Format(value).Select(format => format.MimeType));
        Assert.Equal(value.ToDisplayString(mimeType), Format(value)[0].Text);
    }

    [Theory]
    [InlineData(nameof(GreyImage), "grey picture of 5×3")]
    [InlineData(nameof(ReadingResult), "read nothing, verdict blank, 0 pieces of ink in a picture of 61×47")]
    [InlineData(nameof(Mlp), "784-11-10, 8755 parameters")]
    [InlineData(nameof(Prediction), null)]
    [InlineData(nameof(EvaluationResult), null)]
    public void Text_EveryResult_IsOneLine(string kind, string? expected)
    {
        var value = Value(kind);
        var text = Format(value).Single(format => format.MimeType == "text/plain").Text;
        Assert.DoesNotContain('\n', text);
        Assert.DoesNotContain("System.Collections", text);
        Assert.Equal(expected ?? value.ToString(), text);
        if (expected is not null)
        {
            Assert.Equal(expected, value.ToDisplayString("text/plain"));
        }
    }

    [Theory]
    [InlineData(nameof(Figure))]
    [InlineData(nameof(TrainingHistory))]
    [InlineData(nameof(Prediction))]
    public void Charts_BesideThePicture_AreKeptAsPlotlysFigure(string kind)
    {
        var outputs = new CellOutputs(new NotebookOptions());
        outputs.Show(Format(Value(kind)));
        var data = Assert.Single(outputs.Close())["data"]!;
        var figure = Assert.IsType<JsonObject>(data[PlotlyFigure]);
        Assert.NotEmpty(figure["data"]!.AsArray());
        Assert.IsType<JsonObject>(figure["layout"]);
        Assert.StartsWith("<svg", NotebookCell.Text(data["image/svg+xml"]));
    }

    [Fact]
    public void Charts_TooLargeForAnOutput_LeaveThePictureAlone()
    {
        var outputs = new CellOutputs(new NotebookOptions { MaximumOutputCharacters = 101 });
        outputs.Show([("image/svg+xml", "<svg/>"), (PlotlyFigure, $"[{new string('1', 100)}]")]);
        Assert.Equal(["image/svg+xml"], Assert.Single(outputs.Close())["data"]!.AsObject().Select(format => format.Key));
    }

    [Fact]
    public void Format_ResultsInARow_AreEachRenderedRichly_WithoutTheKernelsStyles()
    {
        var formats = Format(Enumerable.Repeat(Value(nameof(GateCheck)), 23));
        Assert.Equal(["text/html", "text/plain"], formats.Select(format => format.MimeType));
        Assert.Equal(20, formats[0].Text.Split("<b>Not met.</b>").Length - 1);
        Assert.DoesNotContain("<style", formats[0].Text);
    }

    [Fact]
    public void Format_PlainValues_AreText()
    {
        Assert.Equal([("text/plain", "1.5")], Format(1.5));
        Assert.Equal([("text/plain", "<null>")], Format(null));
        Assert.Equal([("text/plain", "[ 1, 2, 3 ]")], Format(new[] { 1, 2, 3 }));
        Assert.Equal([("text/plain", "text")], Format("text"));
    }

    private static IReadOnlyList<(string MimeType, string Text)> Format(object? value) =>
        InteractiveKernel.Formats(value, FormattedValue.CreateManyFromObject(value));

    private static object Value(string kind) => kind switch
    {
        nameof(Figure) => Chart.PerClass(Evaluation),
        nameof(TrainingHistory) => Training.History,
        nameof(TrainingResult) => Training,
        nameof(Prediction) => Training.Model.Predict(Images.Image(3)),
        nameof(LabelledImages) => Images,
        nameof(EvaluationResult) => Evaluation,
        nameof(ConfusionMatrix) => Evaluation.ConfusionMatrix,
        nameof(DigitData) => Digits,
        nameof(Mlp) => Training.Model,
        nameof(GateCheck) => new EvaluationGate { MinimumAccuracy = 1 }.Check(Evaluation)[0],
        nameof(GreyImage) => new GreyImage(5, 3, new byte[15]),
        _ => new DigitReader(Training.Model).Read(new GreyImage(61, 47, Enumerable.Repeat((byte)225, 61 * 47).ToArray())),
    };
}

[CollectionDefinition(nameof(InteractiveFormattingTests), DisableParallelization = true)]
public class InteractiveFormattingAlone;

using System.Text.Json;
using DigitML.Data;

namespace DigitML.Cli.Tests.Commands;

public sealed class PredictCommandTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();
    private readonly string _images;

    public PredictCommandTests(TrainedModel model)
    {
        _model = model;
        _images = _place.File("images.gz");
        IdxWriter.WriteImages(model.Digits.Take(23), _images);
    }

    public void Dispose() => _place.Dispose();

    private Task<int> Run(TestTerminal terminal, params string[] more) => terminal.RunAsync(["predict", "--model", _model.File, .. more]);

    [Fact]
    public async Task Predict_Index_PrintsALineForEachPicture()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _images, "--index", "0..9"));

        Assert.Equal(12, terminal.Lines.Length);
        Assert.Equal(_images, terminal.Lines[0]);
        Assert.Matches(@"^ +9 +\d +\d+\.\d\d % +\d \( *\d+\.\d\d %\)$", terminal.Lines[^1]);
    }

    [Fact]
    public async Task Predict_Json_PrintsAnObjectForEachPicture()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _images, "--json"));

        Assert.Equal(23, terminal.Lines.Length);
        using var line = JsonDocument.Parse(terminal.Lines[3]);
        var digit = Assert.Single(line.RootElement.GetProperty("digits").EnumerateArray());
        Assert.Equal(_images, line.RootElement.GetProperty("file").GetString());
        Assert.Equal(3, line.RootElement.GetProperty("index").GetInt32());
        Assert.Equal(line.RootElement.GetProperty("text").GetString(), $"{digit.GetProperty("digit").GetInt32()}");
        Assert.InRange(digit.GetProperty("probability").GetDouble(), 0.1, 1);
        Assert.Equal(28, digit.GetProperty("box").GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task Predict_CsvWithLabels_SaysWhichAreWrong()
    {
        var digits = _model.Digits;
        File.WriteAllLines(_place.File("two.csv"), new[] { "label," + string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}")) }
            .Concat([.. new[] { 0, 1 }.Select(i => $"{(digits.Label(i) + i) % 10},{string.Join(',', digits.Image(i).ToArray())}")]));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _place.File("two.csv")));

        Assert.EndsWith("label", terminal.Lines[1]);
        Assert.Equal(4, terminal.Lines.Length);
        Assert.Matches(@"\) +\d(  wrong)?$", terminal.Lines[3]);
    }

    [Fact]
    public async Task Predict_AFileThatIsNone_ReadsTheOthersAndEndsWith1()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, _place.File("no.idx"), _images, "--index", "4", "--json"));

        Assert.Contains("no such file", terminal.OneErrorLine());
        Assert.Equal(2, terminal.Lines.Length);
        Assert.Contains("\"error\":", terminal.Lines[0]);
        Assert.Contains("\"index\":4", terminal.Lines[1]);
    }

    [Fact]
    public async Task Predict_PicturesOfAnotherSize_AreRefused()
    {
        IdxWriter.WriteImages(new LabelledImages("small", 5, 3, new byte[15]), _place.File("small"));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, _place.File("small")));

        Assert.Contains("expected pictures of 784 pixels, which the model takes, but they are 5x3", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Predict_NoModel_SaysToTrainOne()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("predict", _images, "--model", _place.File("no.onnx")));

        Assert.Contains("no such file", terminal.OneErrorLine());
    }
}

using System.Text;
using System.Text.Json;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Pixels;

namespace DigitML.Cli.Tests;

/// <summary>Pictures, data and models through pipes, by a shell as users start it.</summary>
public sealed class PipedInputTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();

    public PipedInputTests(TrainedModel model)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes that look like files are Unix's.");
        _model = model;
        File.WriteAllBytes(_place.File("digit.png"), PngEncoder.Encode(new GreyImage(28, 28, model.Digits.Image(3).ToArray())));
        IdxWriter.WriteImages(model.Digits.Take(31), _place.File("images.gz"));
        var rows = Enumerable.Range(0, 31).Select(i => $"{model.Digits.Label(i)},{string.Join(',', model.Digits.Image(i).ToArray())}\n");
        File.WriteAllText(_place.File("x.csv"), $"label,{string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}"))}\n{string.Concat(rows)}");
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("cat digit.png | digitml predict - --single --json", "-")]
    [InlineData("cat digit.png | digitml predict /dev/stdin --single --json", "/dev/stdin")]
    [InlineData("digitml predict - --single --json < digit.png", "-")]
    [InlineData("digitml predict <(cat digit.png) --single --json", "/dev/fd/63")]
    [InlineData("mkfifo pipe; (cat digit.png > pipe &); digitml predict pipe --single --json", "pipe")]
    public async Task Predict_PictureThroughAPipe_IsReadAsTheFileIs(string line, string name)
    {
        var (_, expected, _) = await RunAsync("digitml predict digit.png --single --json");
        var (code, output, error) = await RunAsync(line);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(name, JsonDocument.Parse(output).RootElement.GetProperty("file").GetString());
        Assert.Equal(expected.Replace("digit.png", name, StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData("cat images.gz | digitml predict - --json", "-")]
    [InlineData("cat x.csv | digitml predict - --json", "-")]
    public async Task Predict_DataThroughAPipe_AreManyDigits(string line, string name)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal((0, ""), (code, error));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(31, lines.Length);
        Assert.All(lines, text => Assert.Equal(name, JsonDocument.Parse(text).RootElement.GetProperty("file").GetString()));
    }

    [Theory]
    [InlineData("cat x.csv | digitml evaluate --data -", "-")]
    [InlineData("digitml evaluate --data <(cat x.csv)", "/dev/fd/63")]
    [InlineData("mkfifo pipe; (cat x.csv > pipe &); digitml evaluate --data pipe --model <(cat \"$MODEL\")", "pipe")]
    public async Task Evaluate_DataThroughAPipe_AreMeasuredUnderTheNameThatWasTyped(string line, string name)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"Data:  {name}, 31 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NothingThroughAPipe_SaysSo()
    {
        var (code, _, error) = await RunAsync(": | digitml predict -");

        Assert.Equal(1, code);
        Assert.StartsWith("error: -: expected a picture", error, StringComparison.Ordinal);
        Assert.Contains("empty", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "P2\n3,1\n")]
    [InlineData(false, "<svg a=\"1,2\">")]
    [InlineData(false, "no columns here\n1,2,3")]
    [InlineData(false, "\u0089PNG\r\n\u001a\n,")]
    [InlineData(true, "label,pixel0,pixel1\r\n3,0,0")]
    [InlineData(true, "3;0;0")]
    [InlineData(true, "\u0000\u0000\u0008\u0003")]
    public void IsData_ByItsFirstBytes_TellsTablesFromPictures(bool expected, string start) => Assert.Equal(expected, PipedInput.IsData(Encoding.Latin1.GetBytes(start)));

    private Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "DigitML.Cli.dll");
        return ChildProcess.RunAsync("bash", _place.FullName, new Dictionary<string, string?> { ["MODEL"] = _model.File }, "-c", $"digitml() {{ dotnet exec '{dll}' \"$@\"; }}; {line}");
    }
}

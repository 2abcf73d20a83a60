using System.Text.Json;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Tests.House;

namespace DigitML.Cli.Tests.Commands;

public sealed class PredictPicturesTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();

    public PredictPicturesTests(TrainedModel model)
    {
        _model = model;
        Directory.CreateDirectory(_place.File("pictures/deep"));
        File.WriteAllBytes(_place.File("pictures/one.png"), PngEncoder.Encode(Picture()));
        File.WriteAllBytes(_place.File("pictures/deep/two.jpg"), PngEncoder.Encode(Picture()));
    }

    public void Dispose() => _place.Dispose();

    private Task<int> Run(TestTerminal terminal, params string[] more) => terminal.RunAsync(["predict", "--model", _model.File, .. more]);

    private GreyImage Picture() => new(28, 28, _model.Digits.Image(3).ToArray());

    [Fact]
    public async Task Predict_FolderOfPictures_PrintsALineForEachWhateverTheirNamesSay()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _place.File("pictures"), "--single"));

        Assert.Equal(4, terminal.Lines.Length);
        Assert.Contains("two.jpg", terminal.Lines[1]);
        Assert.Contains("one.png", terminal.Lines[2]);
        Assert.StartsWith("2 of 2 pictures read", terminal.Lines[3]);
    }

    [Fact]
    public async Task Predict_FolderWithOtherFiles_SaysInOneLineWhatWasLeftOut()
    {
        foreach (var name in new[] { "a.txt", "B.TXT", "deep/labels.csv", "scan.pdf", "README", "odd.a name that is none" })
        {
            File.WriteAllText(_place.File("pictures/" + name), "other");
        }

        foreach (var format in new[] { Array.Empty<string>(), ["--json"] })
        {
            var terminal = new TestTerminal();

            Assert.Equal(ExitCode.Done, await Run(terminal, [_place.File("pictures"), "--single", .. format]));

            Assert.Equal(
                $"note: {_place.File("pictures")}: left out 6 files that are not read as pictures: 2 .txt, 2 without an ending, 1 .csv, 1 .pdf.",
                terminal.OneErrorLine());
            Assert.Equal(2, terminal.Lines.Count(line => line.Contains("one.png", StringComparison.Ordinal) || line.Contains("two.jpg", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Predict_FolderOfPicturesAlone_SaysNothingOfOthers()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _place.File("pictures"), "--single"));

        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task Predict_FolderWithoutPictures_SaysWhatItHolds()
    {
        Directory.CreateDirectory(_place.File("papers"));
        File.WriteAllText(_place.File("papers/a.pdf"), "other");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, _place.File("papers")));

        Assert.EndsWith("; left out 1 file that is not read as pictures: 1 .pdf.", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Predict_Json_PrintsTheContractsFields()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _place.File("pictures/one.png"), "--single", "--json"));

        using var line = JsonDocument.Parse(Assert.Single(terminal.Lines));
        Assert.Equal(_place.File("pictures/one.png"), line.RootElement.GetProperty("file").GetString());
        var digit = Assert.Single(line.RootElement.GetProperty("digits").EnumerateArray());
        Assert.Equal(line.RootElement.GetProperty("text").GetString(), $"{digit.GetProperty("digit").GetInt32()}");
        Assert.InRange(digit.GetProperty("probability").GetDouble(), 0, 1);
        Assert.True(digit.GetProperty("box").GetProperty("width").GetInt32() is > 0 and <= 28);
    }

    [Fact]
    public async Task Predict_SamplesWithoutAModel_GivesTheLinesOfTheLibraryWithTheShippedOne()
    {
        var samples = Repository.PathOf("data", "samples");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("predict", samples, "--json"));

        var reader = new DigitReader();
        var expected = Directory.GetFiles(samples, "*.png").Order(StringComparer.Ordinal).Select(file => reader.Read(file).ToJson(file));
        Assert.Equal(expected, terminal.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Predict_BadFilesAmongGoodOnes_SaysEachOnItsOwnLineAndReadsTheRest()
    {
        File.WriteAllText(_place.File("pictures/text.png"), "no picture");
        File.WriteAllBytes(_place.File("pictures/empty.png"), []);
        Directory.CreateDirectory(_place.File("nothing"));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, _place.File("pictures"), _place.File("gone.png"), _place.File("nothing"), "--json"));

        var lines = terminal.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(6, lines.Length);
        Assert.Equal(4, lines.Count(line => line.TryGetProperty("error", out _)));
        Assert.Equal(2, lines.Count(line => line.TryGetProperty("digits", out _)));
        Assert.Equal(4, terminal.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Predict_Pattern_GivesTextOfItsForm()
    {
        var sample = Directory.GetFiles(Repository.PathOf("data", "samples"), "string-*.png").Single(file => !file.Contains("touching", StringComparison.Ordinal));
        var digits = Path.GetFileNameWithoutExtension(sample).Split('-')[^1];
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("predict", sample, "--json", "--pattern", "#/#*"));

        using var line = JsonDocument.Parse(Assert.Single(terminal.Lines));
        Assert.Equal($"{digits[..1]}/{digits[1..]}", line.RootElement.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("--pattern is the form of a string of digits", "--pattern", "##", "--single")]
    [InlineData("Pattern must have # for each digit", "--pattern", "12")]
    public async Task Predict_PatternThatCannotBe_SaysWhy(string message, params string[] more)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, [_place.File("pictures/one.png"), .. more]));

        Assert.Contains(message, terminal.OneErrorLine());
    }

    [Fact]
    public async Task Predict_StepsAndShow_WriteThePicturesBetweenAndDrawWhatTheNetworkSaw()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, _place.File("pictures/one.png"), "--single", "--show", "--steps", _place.File("steps")));

        Assert.Contains(terminal.Lines, line => line.Contains("%, then ", StringComparison.Ordinal));

        // Fourteen lines draw 28 rows; the blank ones at the end are not counted.
        Assert.True(terminal.Lines.Length > 10, string.Join('\n', terminal.Lines));
        var written = Directory.GetFiles(_place.File("steps/pictures-one.png"));
        Assert.True(written.Length >= 3);
        Assert.All(written, file => Assert.True(ImageFile.Load(file).Image.Width > 0));
    }
}

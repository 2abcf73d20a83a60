using System.Buffers.Binary;
using System.Text;
using DigitML.Data;

namespace DigitML.Cli.Tests;

/// <summary>Files that are not what they should be: one line on standard error, exit code 1, nothing written or overwritten.</summary>
public sealed class BadInputTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();

    public BadInputTests(TrainedModel model)
    {
        _model = model;
        IdxWriter.WriteImages(model.Digits.Take(31), _place.File("images"), _place.File("labels"));
        IdxWriter.WriteImages(model.Digits.Take(31), _place.File("images.gz"));
        IdxWriter.WriteImages(model.Digits.Take(30), _place.File("fewer-images"), _place.File("fewer-labels"));
        File.WriteAllBytes(_place.File("cut-images"), File.ReadAllBytes(_place.File("images"))[..^100]);
        File.WriteAllBytes(_place.File("cut-images.gz"), File.ReadAllBytes(_place.File("images.gz"))[..^100]);
        File.WriteAllText(_place.File("empty"), "");

        byte[] huge = [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3];
        BinaryPrimitives.WriteUInt32BigEndian(huge.AsSpan(4), 1u << 31);
        File.WriteAllBytes(_place.File("huge-images"), huge);

        string[] pixels = [.. _model.Digits.Image(0).ToArray().Select(pixel => $"{pixel}")];
        WriteCsv("missing.csv", pixels[..^1]);
        WriteCsv("text.csv", [.. pixels[..400], "ink", .. pixels[401..]]);
        WriteCsv("256.csv", [.. pixels[..400], "256", .. pixels[401..]]);
        WriteCsv("negative.csv", [.. pixels[..400], "-1", .. pixels[401..]]);

        var onnx = File.ReadAllBytes(_model.File);
        File.WriteAllBytes(_place.File("cut.onnx"), onnx[..(onnx.Length / 2)]);
        File.WriteAllText(_place.File("text.onnx"), "This is no model.");
        var relu = onnx.AsSpan().IndexOf("Relu"u8);
        Assert.True(relu > 0);
        Encoding.ASCII.GetBytes("Sinh").CopyTo(onnx, relu);
        File.WriteAllBytes(_place.File("sinh.onnx"), onnx);
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("cut-images", "cut short")]
    [InlineData("cut-images.gz", "cut")]
    [InlineData("huge-images", "2147483648")]
    [InlineData("empty", "empty")]
    [InlineData("no-such-file", "no such file")]
    [InlineData("missing.csv", "missing.csv, line 2: ")]
    [InlineData("text.csv", "'ink'")]
    [InlineData("256.csv", "256")]
    [InlineData("negative.csv", "-1")]
    public async Task Evaluate_DataThatIsNotWhatItShouldBe_SaysSoAndWritesNothing(string file, string expected) =>
        await Expect(expected, "evaluate", "--model", _model.File, "--data", _place.File(file), "--labels", Path.GetExtension(file) == ".csv" ? "" : _place.File("labels"), "--report", _place.File("report"));

    [Theory]
    [InlineData("cut-images", "cut short")]
    [InlineData("missing.csv", "missing.csv, line 2: ")]
    public async Task Train_DataThatIsNotWhatItShouldBe_SaysSoAndWritesNothing(string file, string expected) =>
        await Expect(expected, "train", "--data", _place.File(file), "--epochs", "1", "--output", _place.File("out"));

    [Theory]
    [InlineData("images", "fewer-labels", "30")]
    [InlineData("labels", "images", "swapped")]
    public async Task Evaluate_LabelsThatDoNotBelongToTheImages_SaysSo(string images, string labels, string expected) =>
        await Expect(expected, "evaluate", "--model", _model.File, "--data", _place.File(images), "--labels", _place.File(labels), "--report", _place.File("report"));

    [Theory]
    [InlineData("cut.onnx", "cut.onnx: ")]
    [InlineData("text.onnx", "text.onnx: ")]
    [InlineData("sinh.onnx", "Sinh")]
    [InlineData("empty", "empty: ")]
    [InlineData("no.onnx", "no such file")]
    public async Task Evaluate_AModelThatIsNone_SaysSo(string model, string expected) =>
        await Expect(expected, "evaluate", "--model", _place.File(model), "--data", _place.File("images"), "--report", _place.File("report"));

    [Fact]
    public async Task Train_BadDataOverAnOlderRun_LeavesItsFilesAlone()
    {
        Directory.CreateDirectory(_place.File("out"));
        File.WriteAllText(_place.File("out/digits.onnx"), "an older model");

        await Expect("cut short", "train", "--data", _place.File("cut-images"), "--output", _place.File("out"));

        Assert.Equal("an older model", File.ReadAllText(_place.File("out/digits.onnx")));
    }

    private void WriteCsv(string name, string[] pixels) =>
        File.WriteAllText(_place.File(name), $"label,{string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}"))}\n3,{string.Join(',', pixels)}\n");

    private async Task Expect(string expected, params string[] args)
    {
        var before = _place.Entries;
        var terminal = new TestTerminal();
        var given = args.ToList();
        if (given.IndexOf("") is >= 0 and var empty)
        {
            given.RemoveRange(empty - 1, 2);
        }

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync([.. given]));

        Assert.StartsWith("error: ", terminal.OneErrorLine());
        Assert.Contains(expected, terminal.OneErrorLine());
        Assert.Equal(before, _place.Entries);
    }
}

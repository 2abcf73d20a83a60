using System.Globalization;
using System.Text.Json;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Cli.Tests;

/// <summary>Data of the user's own from training to prediction: pictures in folders of any names, and tables.</summary>
public sealed class OwnDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_FoldersOfNamedClasses_PredictsByName()
    {
        // Digits under other names, half of them, with names that are no digits.
        var digits = SyntheticDigits.Create(900, seed: 61);
        var names = new[] { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" };
        for (var i = 0; i < digits.Count; i++)
        {
            var path = _folder.File(Path.Combine("pictures", i % 6 == 0 ? "test" : "train", names[digits.Label(i)], $"{i:D4}.PNG"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, PngEncoder.Encode(new GreyImage(28, 28, digits.Image(i).ToArray())), TestContext.Current.CancellationToken);
        }

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", _folder.File("pictures"), "--output", _folder.File("out"), "--no-cache", "--epochs", "15"));
        Assert.Contains("750 images of 28x28, 10 classes", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("classes eight, five, four", terminal.Output, StringComparison.Ordinal);
        Assert.Equal("", terminal.Error);

        var model = _folder.File(Path.Combine("out", "model.onnx"));
        Assert.Equal(names.Order(StringComparer.Ordinal), Mlp.Load(model).ClassNames);

        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--model", model, "--data", _folder.File("pictures"), "--no-cache", "--report", _folder.File("report")));
        Assert.Contains("    seven ", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("| seven |", await File.ReadAllTextAsync(_folder.File(Path.Combine("report", "report.md")), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"classNames\"", await File.ReadAllTextAsync(_folder.File(Path.Combine("report", "evaluation.json")), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        terminal = new TestTerminal();
        var test = _folder.File(Path.Combine("pictures", "test"));
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("predict", test, "--model", model, "--json"));
        Assert.Equal(150, terminal.Lines.Length);
        var right = terminal.Lines.Count(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("file").GetString()!.Contains($"{Path.DirectorySeparatorChar}{json.RootElement.GetProperty("class").GetString()}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        });
        Assert.True(right >= 100, $"{right} of 150");

        // A folder that is none of the model's classes is said.
        Directory.Move(_folder.File(Path.Combine("pictures", "test", "nine")), _folder.File(Path.Combine("pictures", "test", "ninety")));
        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("evaluate", "--model", model, "--data", test, "--no-cache"));
        Assert.Contains("but found 'ninety'", terminal.OneErrorLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_LettersOfManySizes_EvaluatesPredictsAndShowsThemByName()
    {
        var letters = _folder.File("letters");
        DrawnLetters.Write(Path.Combine(letters, "train"), each: 40, seed: 5);
        DrawnLetters.Write(Path.Combine(letters, "test"), each: 5, seed: 6);

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", letters, "--output", _folder.File("out"), "--no-cache", "--epochs", "30"));
        Assert.Contains("26 classes", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("frame fit inverted", terminal.Output, StringComparison.Ordinal);
        var samples = terminal.Lines.Where(line => line.StartsWith("  image ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(samples);
        Assert.All(samples, line => Assert.Matches(@": [A-Z]( \(| as [A-Z], )[<>]?[0-9.]+ %", line));

        var model = _folder.File(Path.Combine("out", "model.onnx"));
        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--model", model, "--data", letters, "--no-cache", "--json"));
        using var evaluation = JsonDocument.Parse(terminal.Output);
        var accuracy = evaluation.RootElement.GetProperty("accuracy").GetDouble();
        Assert.True(accuracy > 0.9, $"{accuracy:P1}");

        // Picture by picture, predict says what evaluate counted.
        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("predict", Path.Combine(letters, "test"), "--model", model, "--json"));
        var right = terminal.Lines.Count(line =>
        {
            using var json = JsonDocument.Parse(line);
            return Path.GetFileName(Path.GetDirectoryName(json.RootElement.GetProperty("file").GetString())) == json.RootElement.GetProperty("class").GetString();
        });
        Assert.Equal(evaluation.RootElement.GetProperty("count").GetInt32(), terminal.Lines.Length);
        Assert.Equal(accuracy * terminal.Lines.Length, right, 1e-6);
    }

    [Fact]
    public async Task Train_ATable_EvaluatesAndPredictsByName()
    {
        var random = new Random(3);
        var lines = new List<string> { "id;length;weight;colour;kind" };
        string[] kinds = ["wren", "robin", "heron"];
        for (var i = 0; i < 240; i++)
        {
            var kind = i % 3;
            var length = (10 + (30 * kind) + random.Next(8)).ToString(CultureInfo.InvariantCulture);
            var weight = (0.5 + (2 * kind) + random.NextDouble()).ToString("F2", CultureInfo.InvariantCulture).Replace('.', ',');
            lines.Add($"{i + 1};{(i == 7 ? "" : length)};{weight};brown;{kinds[kind]}");
        }

        var path = _folder.File("birds.csv");
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", path, "--label-column", "kind", "--ignore-columns", "colour", "--hidden", "8", "--output", _folder.File("out")));
        Assert.Contains("201 rows of 2 features, 3 classes", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("column 'id' only counts the rows", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("values are missing in column 'length' in 1 of 240 rows", terminal.OneErrorLine(), StringComparison.Ordinal);

        var model = _folder.File(Path.Combine("out", "model.onnx"));
        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--data", path, "--model", model, "--label-column", "kind", "--ignore-columns", "colour", "--json"));
        using (var evaluation = JsonDocument.Parse(terminal.Output))
        {
            Assert.True(evaluation.RootElement.GetProperty("accuracy").GetDouble() > 0.97);
        }

        // Columns in another order, and no classes: found by their names.
        var fresh = _folder.File("fresh.csv");
        await File.WriteAllTextAsync(fresh, "weight,length\n4.9,74\n0.8,12\n", TestContext.Current.CancellationToken);
        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("predict", fresh, "--model", model, "--label-column", "none", "--json"));
        Assert.Equal(["heron", "wren"], terminal.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("class").GetString()!));

        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("evaluate", "--data", path, "--tabular", "--label-column", "kind", "--ignore-columns", "colour"));
        Assert.Contains("is a table of 2 features, and the model takes pictures of 784 pixels", Terminal.OneLine(terminal.Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frame", "fit")]
    [InlineData("--frame", "reader")]
    [InlineData("--limit", "60")]
    public async Task Train_WithAFrameThatIsSaid_KeepsItInTheModel(string option, string frame)
    {
        // Digits that have the size already need none, and their model looks for digits in any picture.
        var digits = SyntheticDigits.Create(60, seed: 8);
        for (var i = 0; i < digits.Count; i++)
        {
            var path = _folder.File(Path.Combine("d", $"{digits.Label(i)}", $"{i}.png"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, PngEncoder.Encode(new GreyImage(28, 28, digits.Image(i).ToArray())), TestContext.Current.CancellationToken);
        }

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", _folder.File("d"), option, frame, "--epochs", "8", "--no-cache", "--output", _folder.File("out"), "--batch-size", "8"));
        Assert.Equal(option == "--frame" ? frame : null, Mlp.Load(_folder.File(Path.Combine("out", "digits.onnx"))).Metadata.GetValueOrDefault("frame"));
    }
}

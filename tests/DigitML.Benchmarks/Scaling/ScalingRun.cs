using System.Globalization;
using System.Text;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.Training;

namespace DigitML.Benchmarks.Scaling;

/// <summary>Measures one setting after the other and writes their tables.</summary>
internal sealed class ScalingRun
{
    private const int MostImages = 48_000;
    private const int FewestBatches = 6;

    /// <summary>Images are taken so that an epoch of any network does about so many operations.</summary>
    private const double OperationsPerEpoch = 4e10;

    private readonly int _repeats;
    private readonly StringBuilder _text = new();
    private readonly LabelledImages _digits;

    private ScalingRun(int repeats)
    {
        _repeats = repeats;
        Progress.Say("Scaling");
        _digits = SyntheticDigits.Create(10_000, seed: 1);
    }

    /// <summary>Measures; minutes.</summary>
    /// <param name="repeats">Epochs measured of each setting, after one that warms up.</param>
    /// <returns>Markdown.</returns>
    public static string Measure(int repeats)
    {
        var run = new ScalingRun(repeats);
        run._text.AppendLine(CultureInfo.InvariantCulture, $"Training on synthetic digits of 28×28 without a validation pass, on {Environment.ProcessorCount} threads where nothing else is said.");
        run._text.AppendLine(CultureInfo.InvariantCulture, $"Times are medians of {repeats} epochs after one that warms up; wider and deeper networks see fewer images an epoch.");

        // Everything is compiled by then.
        Time(new MlpOptions(), run.Images(10_000), repeats: 1);
        run.Width();
        run.Depth();
        run.BatchSize();
        run.ImageCount();
        run.Threads();
        return run._text.ToString();
    }

    private void Width() => Table(
        "Width: 784-w-w-10, batches of 128",
        "w",
        new[] { 64, 128, 256, 512, 1024, 2048, 4096 },
        width => new MlpOptions { HiddenLayers = [width, width], BatchSize = 128 },
        Budget);

    private void Depth() => Table(
        "Depth: hidden layers of 128, batches of 32",
        "hidden layers",
        Enumerable.Range(0, 9),
        depth => new MlpOptions { HiddenLayers = [.. Enumerable.Repeat(128, depth)], BatchSize = 32 },
        _ => MostImages / 3);

    private void BatchSize() => Table(
        "Batch size: the thesis network",
        "batch size",
        new[] { 1, 4, 16, 32, 64, 256, 1024, 4096 },
        size => new MlpOptions { BatchSize = size },
        options => options.BatchSize < 32 ? 4_000 * options.BatchSize : MostImages);

    private void ImageCount() => Table(
        "Images: the thesis recipe",
        "images",
        new[] { 1_000, 10_000, 100_000, 1_000_000 },
        _ => new MlpOptions(),
        (_, count) => count);

    private void Threads()
    {
        var counts = new[] { 1, 2, 4, 8, 16, 32, 64, Environment.ProcessorCount }.Where(count => count <= Environment.ProcessorCount).Distinct().Order().ToArray();
        Table("Threads: the thesis network, batches of 32", "threads", counts, count => new MlpOptions { Threads = count }, _ => MostImages);
        Table("Threads: 784-1024-1024-1024-10, batches of 256", "threads", counts, count => new MlpOptions { HiddenLayers = [1024, 1024, 1024], BatchSize = 256, Threads = count }, Budget);
    }

    private void Table(string title, string setting, IEnumerable<int> values, Func<int, MlpOptions> options, Func<MlpOptions, int> images) =>
        Table(title, setting, values, options, (chosen, _) => images(chosen));

    private void Table(string title, string setting, IEnumerable<int> values, Func<int, MlpOptions> options, Func<MlpOptions, int, int> images)
    {
        Progress.Say($"  {title}");
        var table = new MarkdownTable(setting, "parameters", "images an epoch", "an epoch", "min–max", "an image", "images/s", "an image, against the first row");
        double? first = null;
        foreach (var value in values)
        {
            var chosen = options(value);
            var data = Images(images(chosen, value));
            var (seconds, parameters) = Time(chosen, data, _repeats);
            var perImage = seconds.Median / data.Count;
            first ??= perImage;
            table.Add(
                Figure.Count(value),
                Figure.Count(parameters),
                Figure.Count(data.Count),
                Figure.Seconds(seconds.Median),
                $"{Figure.Seconds(seconds.Minimum)}–{Figure.Seconds(seconds.Maximum)}",
                Figure.Seconds(perImage),
                Figure.Of(1 / perImage),
                Figure.Times(perImage / first.Value));
        }

        _text.AppendLine();
        _text.AppendLine(CultureInfo.InvariantCulture, $"### {title}");
        _text.AppendLine();
        _text.Append(table);
    }

    /// <summary>Seconds of each epoch but the first, which pays for compilation and for memory that is touched for the first time.</summary>
    private static (Sample Seconds, int Parameters) Time(MlpOptions options, LabelledImages images, int repeats)
    {
        var history = new MlpTrainer(options with { Epochs = repeats + 1, ValidationFraction = 0 }).Fit(images).History;
        var seconds = new Sample();
        foreach (var epoch in history.Epochs.Skip(1))
        {
            seconds.Add(epoch.Seconds);
        }

        return (seconds, history.Parameters);
    }

    private int Budget(MlpOptions options)
    {
        double weights = 0;
        var inputs = _digits.PixelsPerImage;
        foreach (var outputs in options.HiddenLayers.Append(_digits.ClassCount))
        {
            weights += (double)inputs * outputs;
            inputs = outputs;
        }

        var images = (int)Math.Min(MostImages, OperationsPerEpoch / (6 * weights));
        return Math.Max(FewestBatches, images / options.BatchSize) * options.BatchSize;
    }

    /// <summary>So many pictures, each in memory of its own: distance in memory counts, what is drawn does not.</summary>
    private LabelledImages Images(int count)
    {
        if (count <= _digits.Count)
        {
            return _digits.Take(count);
        }

        var places = new int[count];
        for (var i = 0; i < count; i++)
        {
            places[i] = i % _digits.Count;
        }

        return _digits.Select(places);
    }
}

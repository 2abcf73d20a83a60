using System.Globalization;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>What a model and the reader are worth on given pictures of single digits, on MNIST, and on ink that is no digit.</summary>
internal static class ModelMeasurement
{
    private const int Drawn = 1000;

    /// <summary>A folder of pictures with a labels.csv of lines <c>file,label</c>.</summary>
    public static void Folder(Mlp model, string folder, TextWriter output)
    {
        var reader = new DigitReader(model, new ReaderOptions { RejectionThreshold = 0 });
        int right = 0, count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "labels.csv")).Skip(1))
        {
            var parts = line.Split(',');
            var reading = reader.Read(Path.Combine(folder, parts[0]), single: true);
            count++;
            if (reading.Text == parts[1])
            {
                right++;
            }
            else
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parts[0]}: {parts[1]} read as '{reading.Text}' ({First(reading):F2})"));
            }
        }

        output.WriteLine($"{right} of {count} right");
    }

    /// <summary>MNIST's test digits given to the network as they are, framed anew out of larger pictures, and as pictures to the reader.</summary>
    public static void Mnist(Mlp model, LabelledImages digits, TextWriter output)
    {
        var reader = new DigitReader(model, new ReaderOptions { RejectionThreshold = 0 });
        int direct = 0, framed = 0, light = 0, dark = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            var pixels = digits.Image(i).ToArray();
            var label = digits.Label(i).ToString(CultureInfo.InvariantCulture);
            direct += model.Predict(pixels).PredictedLabel == digits.Label(i) ? 1 : 0;
            var ink = Plane.From(new GreyImage(28, 28, pixels)).Crop(new PixelBox(-9, -1, 41, 37));
            framed += model.Predict(MnistFrame.Put(ink)).PredictedLabel == digits.Label(i) ? 1 : 0;
            light += reader.Read(new GreyImage(28, 28, pixels), single: true).Text == label ? 1 : 0;
            dark += reader.Read(new GreyImage(28, 28, Array.ConvertAll(pixels, value => (byte)(255 - value))), single: true).Text == label ? 1 : 0;
        }

        output.WriteLine($"of {digits.Count}: {direct} right directly, {framed} framed anew, {light} as pictures, {dark} as inverted pictures");
    }

    /// <summary>The threshold that keeps 99 % of MNIST's test digits, and what it refuses.</summary>
    public static void Refusals(Mlp model, LabelledImages digits, CommandOptions options, TextWriter output)
    {
        var reader = new DigitReader(model, new ReaderOptions { RejectionThreshold = 0 });
        var kept = Enumerable.Range(0, digits.Count).Select(i => Score(reader, new GreyImage(28, 28, digits.Image(i).ToArray()))).Order().ToArray();
        var threshold = kept[digits.Count / 100];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"threshold {threshold:F4} keeps 99 % of {digits.Count} test digits"));
        var random = SeededRandom.OfItem(options.Number("seed", 1), 0);
        Report("drawn letters and signs", Enumerable.Range(0, Drawn).Select(_ => Picture(NotDigits.Glyph(random))));
        Report("scribbles", Enumerable.Range(0, Drawn).Select(_ => Picture(NotDigits.Scribble(random))));
        if (options.Text("letters") is { } folder)
        {
            Report("letters of printed fonts", Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => ImageFile.Load(file).Image));
        }

        void Report(string what, IEnumerable<GreyImage> pictures)
        {
            var scores = pictures.Select(picture => Score(reader, picture)).ToArray();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {scores.Count(score => score < threshold) / (double)scores.Length:P1} of {scores.Length} refused"));
        }
    }

    private static float Score(DigitReader reader, GreyImage picture) => First(reader.Read(picture, single: true));

    private static float First(ReadingResult reading) => reading.Digits is [var digit, ..] ? digit.Probability : 0;

    private static GreyImage Picture(InkShape shape)
    {
        var canvas = new Plane(120, 120);
        shape.Draw(canvas, 20, 20, 80 / Math.Max(1, shape.AspectRatio));
        return canvas.Inverted().ToPicture();
    }
}

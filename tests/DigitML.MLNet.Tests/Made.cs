using DigitML.Data;
using DigitML.Imaging;
using DigitML.Pixels;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet.Tests;

/// <summary>Data that the tests make themselves.</summary>
internal static class Made
{
    /// <summary>Pictures as ML.NET's users have them: a vector of pixel values and a number.</summary>
    public static IDataView Digits(MLContext ml, LabelledImages images) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, images.Count).Select(i => new Digit { Features = [.. images.Image(i).ToArray().Select(pixel => (float)pixel)], Label = images.Labels[i] }));

    /// <summary>A folder a class with pictures as people draw them: dark on light, larger than MNIST's.</summary>
    public static void Folder(string folder, int count, int seed)
    {
        var images = SyntheticDigits.Create(count, seed);
        for (var i = 0; i < count; i++)
        {
            var kind = Directory.CreateDirectory(Path.Combine(folder, $"{images.Labels[i]}"));
            File.WriteAllBytes(Path.Combine(kind.FullName, $"{i:0000}.png"), PngEncoder.Encode(OnPaper(images, i, 1)));
        }
    }

    /// <summary>Digits in a row, dark on light.</summary>
    public static GreyImage OnPaper(int[] digits, int seed)
    {
        var images = SyntheticDigits.Create(20, seed);
        return OnPaper(images.Select([.. digits.Select(digit => images.Labels.IndexOf((byte)digit))]), 0, digits.Length);
    }

    /// <summary>Flowers, as it were: two numbers, a category and a name.</summary>
    public static IEnumerable<Flower> Flowers(int count, int seed)
    {
        var random = new Random(seed);
        string[] names = ["setosa", "versicolor", "virginica"];
        for (var i = 0; i < count; i++)
        {
            var kind = i % 3;
            yield return new Flower
            {
                Length = (float)((kind * 20) + (random.NextDouble() * 16)),
                Width = (float)(random.NextDouble() + (kind == 1 ? 1.2 : 0)),
                Soil = kind == 2 && random.NextDouble() < 0.8 ? "clay" : random.NextDouble() < 0.5 ? "loam" : "sand",
                Label = names[kind],
            };
        }
    }

    private static GreyImage OnPaper(LabelledImages images, int first, int count)
    {
        const int Scale = 4;
        var (width, height) = (count * 28 * Scale, 28 * Scale);
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = (byte)(250 - (images.Image(first + (x / (28 * Scale)))[(y / Scale * 28) + (x / Scale % 28)] * 9 / 10));
            }
        }

        return new GreyImage(width, height, pixels);
    }
}

/// <summary>A picture.</summary>
internal sealed class Digit
{
    [VectorType(784)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}

/// <summary>A row of a table.</summary>
internal sealed class Flower
{
    public float Length { get; set; }

    public float Width { get; set; }

    public string Soil { get; set; } = "";

    public string Label { get; set; } = "";

    public float Weight { get; set; } = 1;
}

using DigitML.Data;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Web.Tests;

/// <summary>Pictures as files, drawn by the tests themselves.</summary>
internal static class TestPictures
{
    private const int Drawn = 200;

    private static readonly Lazy<GreyImage[]> s_sure = new(() => [.. Enumerable.Range(0, Drawn)
        .Select(i => new GreyImage(28, 28, SyntheticDigits.Create(1, seed: 81, i).Image(0).ToArray()))
        .Where(IsSure)]);

    /// <summary>A synthetic digit as MNIST has it, 28×28, light on black; one of which the shipped model is sure.</summary>
    /// <param name="index">Which, from 0; there are more than fifty.</param>
    public static GreyImage Digit(int index) => s_sure.Value[index];

    /// <summary>Digits in a row, black on white, each five times as large.</summary>
    public static GreyImage Row(params GreyImage[] digits)
    {
        const int scale = 5;
        var (width, height) = (28 * scale * digits.Length, 28 * scale);
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var digit = digits[x / (28 * scale)];
                pixels[(y * width) + x] = (byte)(255 - digit.Pixels[(y / scale * 28) + (x / scale % 28)]);
            }
        }

        return new GreyImage(width, height, pixels);
    }

    /// <summary>Synthetic writers are wild: of some of their digits no model is sure, and what the page shows of those is another test's.</summary>
    private static bool IsSure(GreyImage digit)
    {
        var reading = new DigitReader(TestModel.Loaded.Model).Read(Row(digit));
        return reading is { Verdict: Verdict.Digit, Digits: [{ Probability: > 0.95f }] };
    }

    /// <summary>A PNM whose header claims 10¹⁰ pixels that do not come.</summary>
    public static byte[] Bomb() => "P5 100000 100000 255\n."u8.ToArray();
}

/// <summary>The model that ships, with its evaluation and history.</summary>
internal static class TestModel
{
    /// <summary>The model.</summary>
    public static LoadedModel Loaded { get; } = LoadedModel.Shipped();
}

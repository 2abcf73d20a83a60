using DigitML.Data;
using DigitML.Pixels;

namespace DigitML.Web.Tests;

/// <summary>Pictures as files, drawn by the tests themselves.</summary>
internal static class TestPictures
{
    /// <summary>A synthetic digit as MNIST has it: 28×28, light on black.</summary>
    public static GreyImage Digit(int index, int seed = 81) =>
        new(28, 28, SyntheticDigits.Create(1, seed, index).Image(0).ToArray());

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

    /// <summary>A PNM whose header claims 10¹⁰ pixels that do not come.</summary>
    public static byte[] Bomb() => "P5 100000 100000 255\n."u8.ToArray();
}

/// <summary>The model that ships, with its evaluation and history.</summary>
internal static class TestModel
{
    /// <summary>The model.</summary>
    public static LoadedModel Loaded { get; } = LoadedModel.Shipped();
}

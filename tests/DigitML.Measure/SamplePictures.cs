using System.Globalization;
using DigitML.Data;
using DigitML.Imaging;

namespace DigitML.Measure;

/// <summary>The pictures of <c>data/samples</c>: synthetic digits, by pens and on papers of the project's own. The same bytes each time.</summary>
internal static class SamplePictures
{
    private const int Digits = 5_000;

    private const int Seed = 60;

    private static readonly string[] Kinds =
    [
        "photo-plain", "photo-ruled", "photo-squared", "phone-threshold", "form-box", "paint-thin", "paint-fat", "icon-28", "chalk",
        "string", "string-touching", "rows", "amount",
    ];

    /// <summary>Writes them, each named after its kind and what it shows.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var digits = SyntheticDigits.Create(Digits, Seed);
        foreach (var kind in Kinds)
        {
            var made = MadeKinds.Make(kind, MadeKinds.SourceFor(kind, digits, Seed));
            var shown = made.Text.Replace('\n', '_');
            PngEncoder.Save(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{kind}-{shown}.png")), made.Image);
        }
    }
}

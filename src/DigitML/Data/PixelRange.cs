using DigitML.IO;

namespace DigitML.Data;

/// <summary>The range that pixel values of a file have, and how they become bytes.</summary>
/// <param name="Offset">Added first.</param>
/// <param name="Factor">Multiplied by then.</param>
/// <param name="Name">What was decided, in a few words: <c>pixels 0 to 1</c>.</param>
internal readonly record struct PixelRange(double Offset, double Factor, string Name)
{
    private const double FewLevels = 16;

    // torchvision's example normalises so; a ground of 0 and an ink of 1 become these.
    private const double MnistMean = 0.1307;
    private const double MnistDeviation = 0.3081;
    private const double LowestOfMnists = -MnistMean / MnistDeviation;
    private const double HighestOfMnists = (1 - MnistMean) / MnistDeviation;

    /// <summary>Whether values are bytes already.</summary>
    public bool IsByte => Offset == 0 && Factor == 1;

    /// <summary>Decides by all values together.</summary>
    /// <param name="lowest">Of all pixels.</param>
    /// <param name="highest">Of all pixels.</param>
    /// <param name="areWhole">Whether all are whole numbers.</param>
    /// <param name="file">What errors call the file.</param>
    /// <exception cref="DigitException">The values are none of pixels.</exception>
    public static PixelRange Find(double lowest, double highest, bool areWhole, string file) => (lowest, highest) switch
    {
        ( >= 0, <= 1) => new(0, 255, "pixels 0 to 1"),
        ( >= 0, <= FewLevels) when areWhole => new(0, 255 / FewLevels, "pixels 0 to 16"),
        ( >= 0, <= 255) => new(0, 1, areWhole ? "pixels 0 to 255" : "pixels 0 to 255, rounded"),
        ( >= 0, <= 65535) when areWhole => new(0, 1 / 257.0, "pixels 0 to 65535"),
        ( > LowestOfMnists - 1e-3 and < LowestOfMnists + 1e-3, <= HighestOfMnists + 1e-3) => new(-LowestOfMnists, 255 * MnistDeviation, "pixels less MNIST's mean, divided by its deviation"),
        ( >= -1, <= 1) => new(1, 127.5, "pixels -1 to 1"),
        ( >= -128, <= 127) when areWhole && lowest <= -100 => new(128, 1, "pixels -128 to 127"),
        _ => throw new DigitException(FormattableString.Invariant($"{file}: expected pixels from 0 to 255, 0 to 1 or -1 to 1 but they go from {lowest} to {highest}. Were they standardised? Save them before that.")),
    };

    /// <summary>One value as a byte.</summary>
    public byte ToByte(double value) => (byte)Math.Clamp(Math.Round((value + Offset) * Factor), 0, 255);
}

using DigitML.IO;

namespace DigitML.Data;

/// <summary>One of MNIST's four files, as its content shall be.</summary>
/// <param name="Name">The original name, without <c>.gz</c>.</param>
/// <param name="Length">Bytes unpacked.</param>
/// <param name="Sha256">SHA-256 of the unpacked content, lower-case hexadecimal.</param>
public sealed record MnistFile(string Name, int Length, string Sha256)
{
    /// <summary>60,000 training pictures.</summary>
    public static MnistFile TrainImages { get; } =
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");

    /// <summary>Their labels.</summary>
    public static MnistFile TrainLabels { get; } =
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    /// <summary>10,000 test pictures.</summary>
    public static MnistFile TestImages { get; } =
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");

    /// <summary>Their labels.</summary>
    public static MnistFile TestLabels { get; } =
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    /// <summary>All four.</summary>
    public static IReadOnlyList<MnistFile> All { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(MnistFile), PrintMembers);
}

/// <summary>What <see cref="Mnist.VerifyAsync"/> found out about one file.</summary>
/// <param name="File">What was looked for.</param>
/// <param name="Path">Where it lies; null when it is not there.</param>
/// <param name="Problem">What is wrong, in one line; null when the content is right to the last byte.</param>
public sealed record MnistFileCheck(MnistFile File, string? Path, string? Problem);

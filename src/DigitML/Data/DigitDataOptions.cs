using DigitML.IO;

namespace DigitML.Data;

/// <summary>Which digits to load.</summary>
public sealed record DigitDataOptions
{
    /// <summary>MNIST where it can be had, else synthetic digits.</summary>
    public const string Auto = "auto";

    /// <summary>MNIST, or an error.</summary>
    public const string MnistOnly = "mnist";

    /// <summary>Synthetic digits.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>
    /// <see cref="Auto"/>, <see cref="MnistOnly"/> or <see cref="Synthetic"/>; or else the path of a file of labelled
    /// pictures (IDX, CSV, NumPy, Parquet), or of a folder that holds such files or a sub-folder of pictures for each class.
    /// </summary>
    /// <value>auto.</value>
    public string Dataset { get; init; } = Auto;

    /// <summary>A file of test pictures to go with a file named in <see cref="Dataset"/>.</summary>
    /// <value>null: every sixth picture of each class is held out from that file.</value>
    public string? TestPath { get; init; }

    /// <summary>Where MNIST may come from.</summary>
    public MnistOptions Mnist { get; init; } = new();

    /// <summary>The series of the synthetic digits.</summary>
    /// <value>1.</value>
    public int SyntheticSeed { get; init; } = 1;

    /// <summary>Synthetic digits to train on.</summary>
    /// <value>60,000. At least 10.</value>
    public int SyntheticTrainCount { get; init; } = 60_000;

    /// <summary>Synthetic digits to test on, from another stretch of the same series.</summary>
    /// <value>10,000. At least 10.</value>
    public int SyntheticTestCount { get; init; } = 10_000;

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DigitDataOptions), PrintMembers);
}

using DigitML.IO;

namespace DigitML.Data;

/// <summary>Digits to train and to test on, with a record of where they came from and why.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed class DigitData
{
    // Far beyond what anyone trains on, so that training and test digits are never the same.
    private const long SyntheticTestStart = 1L << 40;

    private DigitData(LabelledImages train, LabelledImages test, string source, string? notice = null)
    {
        Train = train;
        Test = test;
        Source = source;
        Notice = notice;
    }

    /// <summary>Digits to train on.</summary>
    public LabelledImages Train { get; }

    /// <summary>Digits to test on; none of them is in <see cref="Train"/>.</summary>
    public LabelledImages Test { get; }

    /// <summary>Where they came from: a folder, a file or <c>built-in synthetic digits, seed 1</c>.</summary>
    public string Source { get; }

    /// <summary>One line for the user when other digits than the first choice were taken, with the reasons; null otherwise.</summary>
    public string? Notice { get; }

    /// <summary>Whether a program drew the digits; a figure about them must say so.</summary>
    public bool IsSynthetic => Train.IsSynthetic || Test.IsSynthetic;

    /// <summary>Loads digits.</summary>
    /// <param name="options">Which; null for MNIST where it can be had, else synthetic digits.</param>
    /// <param name="progress">Reported to while MNIST is downloaded.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="DigitException">The digits asked for cannot be had. With <see cref="DigitDataOptions.Auto"/>, this happens only when a folder was named that does not hold MNIST.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static async Task<DigitData> LoadAsync(DigitDataOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new DigitDataOptions();
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SyntheticTrainCount, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SyntheticTestCount, 10);
        var isPath = options.Dataset is not (DigitDataOptions.Auto or DigitDataOptions.MnistOnly or DigitDataOptions.Synthetic);
        if (options.TestPath is not null && !isPath)
        {
            throw new ArgumentException($"{nameof(options.TestPath)} goes with a file in {nameof(options.Dataset)}, not with {options.Dataset}.");
        }

        if (isPath)
        {
            return await Task.Run(() => FromPath(options.Dataset, options.TestPath), cancellationToken).ConfigureAwait(false);
        }

        string? notice = null;
        if (options.Dataset != DigitDataOptions.Synthetic)
        {
            try
            {
                var mnist = await Data.Mnist.LoadAsync(options.Mnist, progress, cancellationToken).ConfigureAwait(false);
                return new DigitData(mnist.Train, mnist.Test, mnist.Source);
            }
            catch (DigitException error) when (options.Dataset == DigitDataOptions.Auto && options.Mnist.Folder is null)
            {
                notice = $"{error.Message} Going on with built-in synthetic digits: no figure that follows is about MNIST.";
            }
        }

        return await Task.Run(() => Synthesize(options, notice), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Train}; {Test}; from {Source}";

    private static DigitData Synthesize(DigitDataOptions options, string? notice) => new(
        SyntheticDigits.Create(options.SyntheticTrainCount, options.SyntheticSeed, name: $"{SyntheticDigits.Name} train"),
        SyntheticDigits.Create(options.SyntheticTestCount, options.SyntheticSeed, SyntheticTestStart, $"{SyntheticDigits.Name} test"),
        Invariant($"built-in synthetic digits, seed {options.SyntheticSeed}"),
        notice);

    private static DigitData FromPath(string path, string? testPath)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            throw new DigitException($"{path}: expected {DigitDataOptions.Auto}, {DigitDataOptions.MnistOnly}, {DigitDataOptions.Synthetic}, or a file or folder of labelled pictures, but there is no such file or folder.");
        }

        var pair = DataPair.Read(path, testPath, new DataFileOptions());
        return pair.Train.Images is { } train && pair.Test.Images is { } test
            ? new DigitData(train, test, pair.Source, string.Join(' ', pair.Notes) is { Length: > 0 } notes ? notes : null)
            : throw new DigitException($"{path}: expected pictures but it is a table of {pair.Train.Table!.FeatureCount} features. CsvReader.ReadTable reads it.");
    }
}

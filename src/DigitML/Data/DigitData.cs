using DigitML.IO;

namespace DigitML.Data;

/// <summary>Digits to train and to test on, with a record of where they came from and why.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed class DigitData
{
    // Far beyond what anyone trains on, so that training and test digits are never the same.
    private const long SyntheticTestStart = 1L << 40;
    private const int HoldOutEvery = 6;

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
        if (Directory.Exists(path))
        {
            var (train, test) = DigitFile.ReadFolder(path);
            return Pair(train, testPath is null ? test : ReadLabelled(testPath), path);
        }

        if (!File.Exists(path))
        {
            throw new DigitException($"{path}: expected {DigitDataOptions.Auto}, {DigitDataOptions.MnistOnly}, {DigitDataOptions.Synthetic}, or a CSV file, IDX file or folder, but there is no such file or folder.");
        }

        var all = ReadLabelled(path);
        if (testPath is not null)
        {
            return Pair(all, ReadLabelled(testPath), path);
        }

        return HoldOut(all, path);
    }

    /// <summary>Checks that a model trained on one can be tested on the other; better now than after the training.</summary>
    private static DigitData Pair(LabelledImages train, LabelledImages test, string source)
    {
        if (test.Width != train.Width || test.Height != train.Height)
        {
            throw new DigitException($"{test.Name}: expected pictures of {train.Width}×{train.Height} as in {train.Name} but found {test.Width}×{test.Height}.");
        }

        return test.ClassCount <= train.ClassCount
            ? new DigitData(train, test, source)
            : throw new DigitException($"{test.Name}: expected labels 0 to {train.ClassCount - 1} as in {train.Name} but found {test.ClassCount - 1}.");
    }

    private static LabelledImages ReadLabelled(string path)
    {
        var images = DigitFile.Read(path);
        return images.HasLabels ? images : throw new DigitException($"{path}: expected pictures with labels but found none. Training and testing need them.");
    }

    /// <summary>Every sixth picture of each class, from its sixth on, is for testing.</summary>
    private static DigitData HoldOut(LabelledImages all, string path)
    {
        var seen = new int[all.ClassCount];
        var indices = new List<int>[] { [], [] };
        for (var i = 0; i < all.Count; i++)
        {
            indices[++seen[all.Label(i)] % HoldOutEvery == 0 ? 1 : 0].Add(i);
        }

        if (indices[1].Count == 0)
        {
            throw new DigitException($"{path}: expected at least {HoldOutEvery} pictures of some class, so that one can be held out for testing, but found {all.Count} pictures in all.");
        }

        return new DigitData(
            Part(indices[0], $"{all.Name} train"),
            Part(indices[1], $"{all.Name} held out"),
            $"{path}, every sixth picture of each class held out for testing");

        LabelledImages Part(List<int> chosen, string name)
        {
            var part = all.Select(chosen.ToArray());
            return new LabelledImages(name, part.Width, part.Height, part.PixelMemory, part.LabelMemory, part.IsSynthetic);
        }
    }
}

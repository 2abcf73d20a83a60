using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// MNIST: 60,000 handwritten digits to train on and 10,000 to test on, 28×28 pixels each
/// (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition").
/// </summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed class Mnist
{
    private Mnist(LabelledImages train, LabelledImages test, string source)
    {
        Train = train;
        Test = test;
        Source = source;
    }

    /// <summary>60,000 training digits.</summary>
    public LabelledImages Train { get; }

    /// <summary>10,000 test digits, by other writers.</summary>
    public LabelledImages Test { get; }

    /// <summary>The folder they were read from.</summary>
    public string Source { get; }

    /// <summary>The folders that <see cref="LoadAsync(MnistOptions, IProgress{DownloadProgress}, CancellationToken)"/> looks into, the first to be tried first.</summary>
    /// <param name="options">null for the defaults.</param>
    public static IReadOnlyList<string> SearchFolders(MnistOptions? options = null) =>
        [.. MnistSearch.Places(options ?? new MnistOptions()).Select(place => place.Folder).OfType<string>()];

    /// <summary>
    /// Loads MNIST from the first place that has it: the folder given, and nowhere else; or else the folder that
    /// <c>DIGITML_DATA</c> names, <c>data/mnist</c> in the repository, the user's cache, a download into that cache.
    /// Every file is checked by the SHA-256 of its unpacked content.
    /// </summary>
    /// <param name="options">Where to look; null for the defaults.</param>
    /// <param name="progress">Reported to while downloading.</param>
    /// <param name="cancellationToken">Ends the loading; nothing half-fetched is left.</param>
    /// <exception cref="DigitException">No place has MNIST; one line says what was tried and why each failed.</exception>
    public static async Task<Mnist> LoadAsync(MnistOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new MnistOptions();
        var failures = new List<string>();
        foreach (var (role, folder) in MnistSearch.Places(options))
        {
            try
            {
                if (folder is not null)
                {
                    return await ReadAsync(folder, cancellationToken).ConfigureAwait(false);
                }

                failures.Add(role);
            }
            catch (DigitException error)
            {
                failures.Add($"{role}: {error.Message.TrimEnd('.')}");
            }
        }

        if (options.Folder is not null)
        {
            throw new DigitException($"MNIST was not found in {failures[0]}. Put its four files there, or leave the folder out to search for them.");
        }

        if (!options.AllowDownload)
        {
            failures.Add("downloading is switched off");
        }
        else
        {
            try
            {
                return await ReadAsync(await DownloadAsync(options, progress, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (DigitException error)
            {
                failures.Add(error.Message.TrimEnd('.'));
            }
        }

        throw new DigitException($"MNIST was not found. Tried: {string.Join("; ", failures)}. Put its four files into a folder and name that folder in {MnistOptions.FolderVariable}.");
    }

    /// <summary>Loads MNIST from one folder.</summary>
    /// <param name="folder">Holds the four files, gzipped or not.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="DigitException">The folder does not hold MNIST, to the last byte.</exception>
    public static Task<Mnist> LoadAsync(string folder, CancellationToken cancellationToken = default) =>
        LoadAsync(new MnistOptions { Folder = folder }, progress: null, cancellationToken);

    /// <summary>Downloads what is missing or damaged, each file checked before it takes its name.</summary>
    /// <param name="options">Where from, and where to: <see cref="MnistOptions.Folder"/> if given, else the cache; null for the defaults.</param>
    /// <param name="progress">Reported to while downloading.</param>
    /// <param name="cancellationToken">Ends the download; nothing half-fetched is left.</param>
    /// <returns>The folder that holds MNIST now.</returns>
    /// <exception cref="DigitException">A file could not be had from any mirror, or the folder cannot be written.</exception>
    public static async Task<string> DownloadAsync(MnistOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new MnistOptions();
        var folder = options.Folder ?? MnistSearch.CacheFolder(options)
            ?? throw new DigitException("download: this user has no cache folder to download into. Name a folder.");
        await MnistDownload.RunAsync(folder, options, progress, cancellationToken).ConfigureAwait(false);
        return folder;
    }

    /// <summary>Checks the four files in a folder.</summary>
    /// <param name="folder">Where they lie, gzipped or not.</param>
    /// <param name="cancellationToken">Ends the checking.</param>
    /// <returns>What is wrong with each, in the order of <see cref="MnistFile.All"/>.</returns>
    public static Task<IReadOnlyList<MnistFileCheck>> VerifyAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Task.Run<IReadOnlyList<MnistFileCheck>>(() => [.. MnistFile.All.Select(file => Check(folder, file, cancellationToken))], cancellationToken);
    }

    private static MnistFileCheck Check(string folder, MnistFile file, CancellationToken cancellationToken)
    {
        string? problem = null;
        try
        {
            MnistFolder.ReadChecked(folder, file, cancellationToken);
        }
        catch (DigitException error)
        {
            problem = error.Message;
        }

        return new MnistFileCheck(file, MnistFolder.Find(folder, file), problem);
    }

    private static Task<Mnist> ReadAsync(string folder, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            // Labels first: they tell in a millisecond that a folder holds something else.
            var trainLabels = Parse(MnistFile.TrainLabels);
            var testLabels = Parse(MnistFile.TestLabels);
            var train = IdxReader.Combine(Parse(MnistFile.TrainImages), MnistFile.TrainImages.Name, trainLabels, MnistFile.TrainLabels.Name, "MNIST train");
            var test = IdxReader.Combine(Parse(MnistFile.TestImages), MnistFile.TestImages.Name, testLabels, MnistFile.TestLabels.Name, "MNIST test");
            return new Mnist(train, test, folder);

            IdxArray Parse(MnistFile file) =>
                IdxReader.Wrap(MnistFolder.ReadChecked(folder, file, cancellationToken), file.Name);
        },
        cancellationToken);
}

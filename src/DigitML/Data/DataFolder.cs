using System.Text;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>Reads training and test data from a folder, whatever form they lie there in.</summary>
internal static class DataFolder
{
    /// <summary>Reads a folder: MNIST's layout, EMNIST's or QMNIST's, NumPy, Parquet, CSV, or pictures in folders of their classes.</summary>
    /// <exception cref="DigitException">There is nothing of this in it, more than one of it, or a file is not what it should be.</exception>
    public static DataContent Read(string folder, DataFileOptions options, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (name.Equals("mnist", StringComparison.OrdinalIgnoreCase))
        {
            // Only Mnist calls digits so, after it has checked every byte.
            name = "own digits";
        }

        try
        {
            return ReadIdx(folder, name) ?? ReadArrays(folder, options, cancellationToken) ?? ReadParquet(folder, name, options, cancellationToken) ?? ReadCsv(folder, options, cancellationToken)
                ?? (ImageFolder.IsOne(folder) ? DataFile.OfFolder(ImageFolder.Load(folder, options.Pictures, options.Progress, cancellationToken)) : throw Nothing(folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{folder}: cannot be read: {error.Message}", error);
        }
    }

    private static DataContent? ReadIdx(string folder, string name)
    {
        var images = Directory.EnumerateFiles(folder).Where(path => Path.GetFileName(path).Contains("images", StringComparison.OrdinalIgnoreCase) && Path.GetFileName(path).Contains("idx3", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToArray();
        if (images.Length == 0)
        {
            return MnistFile.All.Any(file => MnistFolder.Find(folder, file.Name) is not null) ? throw NotWhole(folder, MnistFile.TrainImages.Name) : null;
        }

        var train = One(images, "train", folder);
        var test = One(images, "test", folder) ?? One(images, "t10k", folder);
        return train is null && test is null && images.Length == 1 ? Content(images[0], name)
            : train is null ? throw NotWhole(folder, MnistFile.TrainImages.Name)
            : test is null ? throw NotWhole(folder, MnistFile.TestImages.Name)
            : Content(train, $"{name} train").With(Content(test, $"{name} test"), null);

        DataContent Content(string path, string called) =>
            DataFile.ReadIdx(path, DataFile.FindIdxLabels(path) ?? throw new DigitException($"{folder}: no {Path.GetFileName(path).Replace("images", "labels", StringComparison.OrdinalIgnoreCase).Replace("idx3", "idx1", StringComparison.OrdinalIgnoreCase)} to go with {Path.GetFileName(path)}. A folder of IDX files is laid out as MNIST's."), called);
    }

    private static DigitException NotWhole(string folder, string file) => new($"{folder}: no {file} or {file}.gz in it. A folder of IDX files is laid out as MNIST's.");

    /// <summary>The one file with a word in its name, packed or not; null when there is none.</summary>
    private static string? One(string[] paths, string word, string folder)
    {
        var found = paths.Where(path => Path.GetFileName(path).Contains(word, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found.DistinctBy(path => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).Count() <= 1
            ? found.FirstOrDefault()
            : throw new DigitException($"{folder}: has {found.Length} files that could be meant, {string.Join(", ", found.Take(3).Select(Path.GetFileName))}{(found.Length > 3 ? ", …" : "")}. Name one of them with --data, and the one to test on with --test.");
    }

    private static DataContent? ReadArrays(string folder, DataFileOptions options, CancellationToken cancellationToken)
    {
        var zipped = Directory.GetFiles(folder, "*.npz");
        if (zipped.Length > 0)
        {
            return DataFile.Read(One(zipped, "", folder)!, options, cancellationToken);
        }

        var arrays = Directory.GetFiles(folder, "*.npy").Where(path => Path.GetFileName(path) is var file && (file.Contains("x_", StringComparison.OrdinalIgnoreCase) || file.Contains("_x", StringComparison.OrdinalIgnoreCase) || file.Contains("images", StringComparison.OrdinalIgnoreCase))).ToArray();
        return (One(arrays, "train", folder), One(arrays, "test", folder)) is ({ } train, { } test)
            ? DataFile.Read(train, options, cancellationToken).With(DataFile.Read(test, options, cancellationToken), null)
            : arrays.Length == 1 ? DataFile.Read(arrays[0], options, cancellationToken) : null;
    }

    private static DataContent? ReadParquet(string folder, string name, DataFileOptions options, CancellationToken cancellationToken)
    {
        var files = new[] { folder, Path.Combine(folder, "data"), Path.Combine(folder, "mnist") }.Where(Directory.Exists)
            .Select(place => Directory.GetFiles(place, "*.parquet").Order(StringComparer.Ordinal).ToArray()).FirstOrDefault(found => found.Length > 0);
        if (files is null)
        {
            return null;
        }

        var test = files.Where(path => Path.GetFileName(path).StartsWith("test", StringComparison.OrdinalIgnoreCase)).ToArray();
        return DataFile.ReadParquet([.. files.Except(test)], test, name, folder, options, cancellationToken);
    }

    private static DataContent? ReadCsv(string folder, DataFileOptions options, CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv").Order(StringComparer.Ordinal).ToArray();
        var lists = files.Where(path => PictureList.IsOne(Start(path), folder)).ToArray();
        if (lists.Length > 0)
        {
            return DataFile.Read(One(lists, "", folder)!, options, cancellationToken);
        }

        if (files.Length == 0 || ImageFolder.IsOne(folder))
        {
            return null;
        }

        return (One(files, "train", folder), One(files, "test", folder)) switch
        {
            ({ } train, { } test) => DataFile.Read(train, options, cancellationToken) is var read && DataFile.Read(test, options, cancellationToken) is { HasLabels: true } labelled ? read.With(labelled, null) : read,
            _ => DataFile.Read(One(files, "", folder)!, options, cancellationToken),
        };
    }

    private static string Start(string path)
    {
        using var content = ContentFile.Open(path);
        return Encoding.UTF8.GetString(content.Peek(512));
    }

    private static DigitException Nothing(string folder)
    {
        var endings = Directory.EnumerateFiles(folder).Select(path => Path.GetExtension(path).ToLowerInvariant()).Where(ending => ending.Length > 0).GroupBy(ending => ending).OrderByDescending(group => group.Count()).Take(4).Select(group => Invariant($"{group.Count()} {group.Key}")).ToArray();
        return new DigitException($"{folder}: expected MNIST's IDX files, NumPy, Parquet or CSV files, or a sub-folder with pictures for each class, but found {(endings.Length > 0 ? $"{string.Join(", ", endings)} and no such folder" : "none")}.");
    }
}

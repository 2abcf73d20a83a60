using System.Text;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>What is known of a data file beyond its content.</summary>
internal sealed record DataFileOptions
{
    /// <summary>A file with the labels of pictures in another; null to look beside the pictures.</summary>
    public string? LabelsPath { get; init; }

    /// <summary>How CSV is read.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>How folders of pictures are read, and pictures in Parquet.</summary>
    public ImageFolderOptions Pictures { get; init; } = new();

    /// <summary>Told while pictures are decoded.</summary>
    public IProgress<PictureProgress>? Progress { get; init; }
}

/// <summary>Reads labelled data from a file or folder of the user's, recognised by content: IDX, CSV, NumPy, Parquet, or pictures in folders.</summary>
/// <remarks>IDX has no place to say who drew its pictures, so the file's name does: see <see cref="SyntheticPrefix"/>.</remarks>
internal static class DataFile
{
    /// <summary>What the names of IDX files begin with whose pictures a program drew; they are read as synthetic.</summary>
    public const string SyntheticPrefix = "synthetic-";

    private const int LookedAt = 512;
    private static readonly string[] s_labelEndings = ["idx1-ubyte", "idx1-int", "idx2-int"];
    private const int ListBytes = 1 << 28;

    /// <summary>Reads a file or folder.</summary>
    /// <param name="path">Where it lies; gzipped or not.</param>
    /// <param name="options">What is known beyond the content; null for nothing.</param>
    /// <param name="cancellationToken">Ends the decoding of pictures.</param>
    /// <exception cref="DigitException">It cannot be read, or is not what it should be.</exception>
    public static DataContent Read(string path, DataFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new DataFileOptions();
        if (Directory.Exists(path))
        {
            return DataFolder.Read(path, options, cancellationToken);
        }

        using var content = ContentFile.Open(path);
        var start = content.Peek(LookedAt);
        var name = PipeFile.NameOf(path);
        if (IsIdx(start))
        {
            return ReadIdx(content, path, options.LabelsPath, name);
        }

        if (options.LabelsPath is not null && start is not [0x93, ..])
        {
            throw new DigitException($"{path}: expected IDX images to go with the labels in {options.LabelsPath} but the file does not begin as IDX does.");
        }

        if (start is [0x93, (byte)'N', (byte)'U', ..])
        {
            return ReadNpy(content, path, options.LabelsPath ?? FindBeside(path), name);
        }

        if (start.StartsWith("PK\u0003\u0004"u8))
        {
            return ReadNpz(content, start, path, name);
        }

        if (start.StartsWith(ParquetPictures.Magic))
        {
            return ReadParquet([path], [], name, path, options, cancellationToken);
        }

        CheckKind(start, path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (PictureList.IsOne(Encoding.UTF8.GetString(start), folder))
        {
            using var text = ContentText.Open(content, out _);
            var whole = ReadBounded(text, path);
            return OfFolder(ImageFolder.Read(PictureList.Read(whole, path, folder), Path.GetFileNameWithoutExtension(path), path, options.Pictures, options.Progress, cancellationToken));
        }

        return CsvTable.Read(content, name, options.Csv);
    }

    /// <summary>Throws when a file that should hold data is known to be something else; says what.</summary>
    public static void CheckKind(ReadOnlySpan<byte> start, string path)
    {
        const string Expected = "expected labelled data (IDX, CSV, NumPy, Parquet or a folder of pictures)";
        if (FileKinds.NameOf(start) is { } kind)
        {
            var isPicture = kind.EndsWith("picture", StringComparison.Ordinal);
            throw new DigitException($"{path}: {Expected} but this is {kind}. {(isPicture ? "A single picture is read by predict; to train or evaluate, put pictures into a folder with a sub-folder for each class." : "Get the data in one of those forms.")}");
        }

        if (!FileKinds.IsText(start) && !ContentText.IsWide(start))
        {
            throw new DigitException($"{path}: {Expected} but this is nothing that is known (it starts with the bytes {Convert.ToHexString(start[..Math.Min(8, start.Length)])}).");
        }
    }

    /// <summary>Reads IDX pictures that lie in files of known names.</summary>
    public static DataContent ReadIdx(string imagesPath, string? labelsPath, string name)
    {
        using var content = ContentFile.Open(imagesPath);
        return ReadIdx(content, imagesPath, labelsPath, name);
    }

    /// <summary>Reads pictures of Parquet files, the first to train and the second to test.</summary>
    public static DataContent ReadParquet(IReadOnlyList<string> train, IReadOnlyList<string> test, string name, string source, DataFileOptions options, CancellationToken cancellationToken)
    {
        var (pictures, files) = (new List<byte[]>(), new List<LabelledFile>());
        foreach (var (path, part) in train.Select(path => (path, DataPart.Train)).Concat(test.Select(path => (path, DataPart.Test))))
        {
            using var content = ContentFile.Open(path);
            var (bytes, labels) = ParquetPictures.Read(content.Seekable(), path);
            for (var row = 0; row < bytes.Count; row++)
            {
                pictures.Add(bytes[row]);
                files.Add(new LabelledFile(path, Invariant($"{path}, row {row}"), labels[row], part));
            }
        }

        var list = LabelledFiles.Of(files);
        var set = ImageFolder.PictureSetOf(files, index => pictures[index], options.Pictures with { CacheFolder = null }, ImageFolder.IsDigits(list.Classes), options.Progress, cancellationToken);
        return OfFolder(ImageFolder.Split(list, set, name, source, options.Pictures));
    }

    /// <summary>What a folder of pictures held, with what the user should know.</summary>
    public static DataContent OfFolder(ImageFolderData data)
    {
        var notes = new List<string>();
        if (data.Unread.Count > 0)
        {
            const int Shown = 5;
            notes.Add(Invariant($"{data.Unread.Count} {(data.Unread.Count == 1 ? "picture was" : "pictures were")} left out: {string.Join("; ", data.Unread.Take(Shown).Select(unread => $"{unread.File}: {unread.Reason.TrimEnd('.')}"))}{(data.Unread.Count > Shown ? Invariant($"; and {data.Unread.Count - Shown} more") : "")}. --strict makes this an error."));
        }

        if (data.Skipped.Count > 0)
        {
            notes.Add($"Files that are no pictures were passed over: {string.Join(", ", data.Skipped.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Invariant($"{pair.Value} {pair.Key}")))}.");
        }

        if (data.EmptyClasses.Count > 0)
        {
            notes.Add($"Folders without a picture are no classes: {ImageFolder.ListOf(data.EmptyClasses)}.");
        }

        var decision = $"pictures in folders, {(data.Train.ClassNames.Count > 0 ? $"classes {ImageFolder.ListOf(data.Train.ClassNames)}, " : "")}{(data.Frame is null ? "of their size already" : $"frame {data.Frame}")}";
        return new DataContent(data.Train, decision)
        {
            Notes = notes,
            Validation = data.Validation is null ? null : new DataContent(data.Validation, decision),
            Test = data.Test is null ? null : new DataContent(data.Test, decision),
        };
    }

    /// <summary>The labels that belong to IDX pictures by name; null when none lie beside them.</summary>
    /// <param name="imagesPath">The pictures' file.</param>
    public static string? FindIdxLabels(string imagesPath)
    {
        var name = Path.GetFileName(imagesPath);
        if (!name.Contains("images", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // train-images-idx3-ubyte, train-images.idx3-ubyte; QMNIST's labels are called idx2-int.
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        var stem = plain[..plain.LastIndexOf("images", StringComparison.OrdinalIgnoreCase)] + "labels";
        return new[] { plain.Replace("images", "labels", StringComparison.OrdinalIgnoreCase).Replace("idx3", "idx1", StringComparison.OrdinalIgnoreCase) }
            .Concat(s_labelEndings.SelectMany(ending => new[] { $"{stem}-{ending}", $"{stem}.{ending}" }))
            .SelectMany(candidate => new[] { candidate, $"{candidate}.gz" })
            .Select(candidate => Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", candidate))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Whether a file begins as IDX does: two zero bytes, which no text does, a type and at least one dimension.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> start) => start.Length >= 2 && start[0] == 0 && start[1] == 0 && !(start.Length >= 4 && start[2] == 0xFE && start[3] == 0xFF);

    private static DataContent ReadIdx(ContentFile content, string path, string? labelsPath, string name)
    {
        labelsPath ??= FindIdxLabels(path);
        var images = NumericArray.Of(IdxReader.Read(content));
        var labels = labelsPath is null ? null : NumericArray.Of(IdxReader.Read(labelsPath));
        var file = Path.GetFileName(path);
        var isEmnist = file.StartsWith("emnist-", StringComparison.OrdinalIgnoreCase);
        var read = PixelArrays.Combine(images, path, labels, labelsPath ?? "", name, isTransposed: isEmnist, bytesAreBytes: true);
        if (isEmnist && read.Images is { HasLabels: true } letters)
        {
            read = read.With(Emnist.Name(letters, file));
        }

        read = read.Decided($"IDX of {images.Shape} {images.Type}, {read.Decision}");
        return file.StartsWith(SyntheticPrefix, StringComparison.Ordinal) && read.Images is { } drawn
            ? read.With(new LabelledImages(drawn.Name, drawn.Width, drawn.Height, drawn.PixelMemory, drawn.LabelMemory, isSynthetic: true, drawn.Details))
            : read;
    }

    private static DataContent ReadNpy(ContentFile content, string path, string? labelsPath, string name)
    {
        var pictures = NpyArray.Read(content.AsStream(), content.LongestContent, path);
        if (labelsPath is null)
        {
            return Said(PixelArrays.Combine(pictures, path, null, "", name));
        }

        using var labels = ContentFile.Open(labelsPath);
        return Said(PixelArrays.Combine(pictures, path, NpyArray.Read(labels.AsStream(), labels.LongestContent, labelsPath), labelsPath, name));

        DataContent Said(DataContent read) => read.Decided($"NumPy array of {pictures.Shape} {pictures.Type}, {read.Decision}");
    }

    private static DataContent ReadNpz(ContentFile content, ReadOnlySpan<byte> start, string path, string name)
    {
        var kind = FileKinds.NameOf(start) ?? "a ZIP archive";
        var arrays = NpyArray.ReadZip(content.Seekable(), path);
        if (arrays.Count == 0)
        {
            throw new DigitException($"{path}: expected labelled data (IDX, CSV, NumPy, Parquet or a folder of pictures) but this is {kind}. Unpack it, and name the folder or file that comes out.");
        }

        var stem = Path.GetFileNameWithoutExtension(name);
        var train = Pair(["x_train", "train_images", "train_x", "trainx", "images_train", "x_tr", "arr_0", "x", "images", "image", "data", "features", "pixels"], ["y_train", "train_labels", "train_y", "trainy", "labels_train", "y_tr", "arr_1", "y", "labels", "label", "target", "targets"]);
        var test = Pair(["x_test", "test_images", "test_x", "testx", "images_test", "x_te", "arr_2"], ["y_test", "test_labels", "test_y", "testy", "labels_test", "y_te", "arr_3"]);
        var validation = Pair(["x_val", "val_images", "x_valid", "x_validation"], ["y_val", "val_labels", "y_valid", "y_validation"]);
        if ((train ?? test) is not { } first)
        {
            throw new DigitException($"{path}: expected arrays x_train and y_train, as Keras's mnist.npz has, or x and y, but its arrays are {ImageFolder.ListOf([.. arrays.Select(pair => $"{pair.Key} {pair.Value.Shape}")])}.");
        }

        if (train is null || test is null)
        {
            return Make(first, stem);
        }

        return Make(first, $"{stem} train").With(Make(test.Value, $"{stem} test"), validation is { } held ? Make(held, $"{stem} validation") : null);

        ((string Key, NumericArray Array) Pictures, (string Key, NumericArray Array)? Labels)? Pair(string[] pictures, string[] labels)
        {
            var found = Array.Find(pictures, arrays.ContainsKey);
            var label = Array.Find(labels, arrays.ContainsKey);
            return found is null ? null : ((found, arrays[found]), label is null ? null : (label, arrays[label]));
        }

        DataContent Make(((string Key, NumericArray Array) Pictures, (string Key, NumericArray Array)? Labels) pair, string called)
        {
            var (key, array) = pair.Pictures;
            var read = PixelArrays.Combine(array, $"{path}: {key}", pair.Labels?.Array, $"{path}: {pair.Labels?.Key}", called);
            return read.Decided($"NumPy arrays, {key} of {array.Shape} {array.Type}, {read.Decision}");
        }
    }

    private static string? FindBeside(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        (string From, string To)[] pairs = [("images", "labels"), ("x_", "y_"), ("X_", "y_"), ("_x", "_y"), ("_X", "_y"), ("data", "labels"), ("data", "target"), ("features", "labels")];
        return pairs.Where(pair => name.Contains(pair.From, StringComparison.Ordinal)).Select(pair => name.Replace(pair.From, pair.To, StringComparison.Ordinal))
            .Concat(name is "x" or "X" ? ["y", "labels"] : [])
            .Select(other => Path.Combine(Path.GetDirectoryName(path) ?? "", other + ".npy"))
            .FirstOrDefault(other => other != path && File.Exists(other));
    }

    private static string ReadBounded(TextReader text, string path)
    {
        var whole = new StringBuilder();
        var buffer = new char[1 << 16];
        int read;
        while ((read = text.Read(buffer)) > 0)
        {
            whole.Append(buffer, 0, read);
            if (whole.Length > ListBytes)
            {
                throw new DigitException(Invariant($"{path}: expected a list of at most {ListBytes} characters but it is longer."));
            }
        }

        return whole.ToString();
    }
}

using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Reads folders of pictures as people keep labelled ones: a sub-folder a class, of any names and any number up to 256, as ML.NET's Model
/// Builder, PyTorch's <c>ImageFolder</c> and Keras's <c>image_dataset_from_directory</c> take them; perhaps below folders that split them
/// (<c>train</c>, <c>valid</c>, <c>test</c>).
/// </summary>
public static class ImageFolder
{
    private const int MostClasses = 256;
    private const int MostFiles = 4_000_000;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">Holds a sub-folder for each class, or such folders in <c>train</c>, <c>valid</c> and <c>test</c>.</param>
    /// <param name="options">Size, frame, decoders, cache; null for the defaults.</param>
    /// <param name="progress">Told every few hundred pictures.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DigitException">The folder holds no labelled pictures, or too many; or, when strict, one that cannot be read.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ImageFolderData Load(string folder, ImageFolderOptions? options = null, IProgress<PictureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new ImageFolderOptions();
        options.Validate();
        if (!Directory.Exists(folder))
        {
            throw new DigitException($"{folder}: expected a folder of pictures but there is no such folder.");
        }

        try
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            return Read(LabelledFiles.InFolders(folder), name, folder, options, progress, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{folder}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Whether a folder looks like one of pictures in classes.</summary>
    internal static bool IsOne(string folder)
    {
        try
        {
            return LabelledFiles.InFolders(folder, onlyLook: true).Files.Count > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DigitException)
        {
            return false;
        }
    }

    /// <summary>Reads pictures whose files and classes are known.</summary>
    internal static ImageFolderData Read(LabelledFiles files, string name, string source, ImageFolderOptions options, IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
    {
        if (files.Files.Count == 0)
        {
            throw new DigitException($"{source}: expected a sub-folder with pictures for each class but found none.{(files.Loose > 0 ? Invariant($" The {files.Loose} files that lie in it itself have no class: put them into sub-folders, or name them and their classes in a CSV file of file,label.") : "")}");
        }

        var set = PictureSetOf(files.Files, index => BoundedFile.Read(files.Files[index].Path, options.Limits.MaximumFileBytes, "a picture"), options, IsDigits(files.Classes), progress, cancellationToken);
        return Split(files, set, name, source, options);
    }

    /// <summary>Decodes pictures that were found, in a frame that is decided by what they are.</summary>
    internal static PictureSetResult PictureSetOf(IReadOnlyList<LabelledFile> files, Func<int, byte[]> read, ImageFolderOptions options, bool areDigits, IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
    {
        var areFrames = false;
        if (options.Frame is null && options.FrameOfDigits is { } ofDigits && areDigits)
        {
            areFrames = HaveSize(files.Count, read, options);
            options = areFrames ? options : options with { Frame = ofDigits };
        }

        // Digits that lie as MNIST's do need no frame, and a model that learns from them reads pictures like any other of digits.
        var set = PictureSet.Read([.. files.Select(file => file.Name)], read, options, progress, cancellationToken);
        return areFrames && set.Frame == PictureFrame.FitName ? set with { Frame = null } : set;
    }

    /// <summary>Whether classes are called by digits alone.</summary>
    internal static bool IsDigits(IEnumerable<string> classes) => classes.All(name => name is [>= '0' and <= '9']);

    /// <summary>Puts pictures and classes together.</summary>
    internal static ImageFolderData Split(LabelledFiles files, PictureSetResult set, string name, string source, ImageFolderOptions options)
    {
        if (options.IsStrict && set.Unread.Count > 0)
        {
            throw new DigitException($"{set.Unread[0].File}: {set.Unread[0].Reason}{(set.Unread.Count > 1 ? Invariant($" And {set.Unread.Count - 1} more cannot be read.") : "")}");
        }

        if (set.Read.Length == 0)
        {
            throw new DigitException($"{source}: none of its {files.Files.Count} files is a picture that can be read. The first, {set.Unread[0].File}: {set.Unread[0].Reason}");
        }

        var (classNames, order) = Classes(files, options, source);
        var details = new ImageDetails { ClassNames = classNames, Frame = set.Frame };
        var size = options.Width * options.Height;
        var parts = new List<int>[] { [], [], [] };
        for (var i = 0; i < set.Read.Length; i++)
        {
            parts[(int)files.Files[set.Read[i]].Part].Add(i);
        }

        return new ImageFolderData
        {
            Train = Part(DataPart.Train, parts[1].Count + parts[2].Count > 0 ? $"{name} train" : name),
            Validation = parts[1].Count > 0 && parts[2].Count > 0 ? Part(DataPart.Validation, $"{name} validation") : null,
            Test = parts[2].Count > 0 ? Part(DataPart.Test, $"{name} test") : parts[1].Count > 0 ? Part(DataPart.Validation, $"{name} validation") : null,
            Unread = set.Unread,
            Skipped = files.Skipped,
            EmptyClasses = files.EmptyClasses,
            Frame = set.Frame,
        };

        LabelledImages Part(DataPart part, string partName)
        {
            var chosen = parts[(int)part];
            var pixels = new byte[chosen.Count * size];
            var labels = new byte[chosen.Count];
            for (var i = 0; i < labels.Length; i++)
            {
                set.Pixels.AsSpan(chosen[i] * size, size).CopyTo(pixels.AsSpan(i * size));
                labels[i] = (byte)order[files.Files[set.Read[chosen[i]]].Class];
            }

            return new LabelledImages(partName, options.Width, options.Height, pixels, labels, details: details);
        }
    }

    /// <summary>Whether some pictures, taken from all over, have the size already.</summary>
    private static bool HaveSize(int count, Func<int, byte[]> read, ImageFolderOptions options)
    {
        const int Looked = 24;
        for (var i = 0; i < Math.Min(Looked, count); i++)
        {
            try
            {
                var decoded = ImageFile.Decode(read((int)((long)i * count / Math.Min(Looked, count))), new DecodeOptions { Decoders = options.Decoders, Limits = options.Limits });
                if (decoded.FullWidth != options.Width || decoded.FullHeight != options.Height)
                {
                    return false;
                }
            }
            catch (DigitException)
            {
                // Said later, with the others that cannot be read.
            }
        }

        return true;
    }

    private static (IReadOnlyList<string> Names, Dictionary<string, int> Order) Classes(LabelledFiles files, ImageFolderOptions options, string source)
    {
        var found = files.Classes.Order(ClassNameComparer.Instance).ToArray();
        if (options.ClassNames is { Count: > 0 } stated)
        {
            var known = stated.Select((className, i) => (className, i)).ToDictionary(pair => pair.className, pair => pair.i, StringComparer.Ordinal);
            return Array.Find(found, className => !known.ContainsKey(className)) is { } stranger
                ? throw new DigitException($"{source}: expected classes {ListOf(stated)} but found '{CsvColumns.Shown(stranger)}'.")
                : (IsNumbered(stated) ? [] : stated, known);
        }

        if (found.Length > MostClasses)
        {
            throw new DigitException(Invariant($"{source}: has {found.Length} classes; at most {MostClasses} are read. Is each sub-folder really a class?"));
        }

        // Digits are their own labels, also where some are missing.
        return IsDigits(found) || IsNumbered(found)
            ? ([], found.ToDictionary(className => className, className => int.Parse(className, System.Globalization.CultureInfo.InvariantCulture)))
            : (found, found.Select((className, i) => (className, i)).ToDictionary(pair => pair.className, pair => pair.i));
    }

    /// <summary>Whether classes are called 0, 1, 2, … in their order.</summary>
    internal static bool IsNumbered(IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] != Invariant($"{i}"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Names in a message.</summary>
    internal static string ListOf(IReadOnlyList<string> names) => $"{string.Join(", ", names.Take(12).Select(CsvColumns.Shown))}{(names.Count > 12 ? Invariant($" and {names.Count - 12} more") : "")}";

    /// <summary>Throws when there are more files than are read.</summary>
    internal static void CheckCount(int count, string source)
    {
        if (count > MostFiles)
        {
            throw new DigitException(Invariant($"{source}: has more than the {MostFiles} files that are read at once."));
        }
    }

}

/// <summary>What a folder of pictures held.</summary>
public sealed class ImageFolderData
{
    /// <summary>Pictures to train on: all of them where the folder does not split them.</summary>
    public required LabelledImages Train { get; init; }

    /// <summary>Pictures to validate on; null where the folder has none, or has no others to test on.</summary>
    public LabelledImages? Validation { get; init; }

    /// <summary>Pictures to test on; null where the folder does not split them.</summary>
    public LabelledImages? Test { get; init; }

    /// <summary>Files that could not be read, and why; none of them is in the sets.</summary>
    public IReadOnlyList<UnreadPicture> Unread { get; init; } = [];

    /// <summary>Files whose names say that they are no pictures, counted by ending: <c>.txt</c>.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new Dictionary<string, int>();

    /// <summary>Sub-folders without a picture, which are no classes.</summary>
    public IReadOnlyList<string> EmptyClasses { get; init; } = [];

    /// <summary>How pictures were brought to their size: the name of a <see cref="PictureFrame"/>; null when they are digits that had it.</summary>
    public string? Frame { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Train}{(Validation is null ? "" : $"; {Validation}")}{(Test is null ? "" : $"; {Test}")}; frame {Frame ?? "as they are"}{(Unread.Count > 0 ? $"; {Unread.Count} not read" : "")}";
}

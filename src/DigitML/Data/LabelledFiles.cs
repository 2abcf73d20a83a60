namespace DigitML.Data;

/// <summary>What a picture is for.</summary>
internal enum DataPart
{
    Train,
    Validation,
    Test,
}

/// <summary>A picture file and its class.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">What errors call it.</param>
/// <param name="Class">Its class's name.</param>
/// <param name="Part">What it is for.</param>
internal readonly record struct LabelledFile(string Path, string Name, string Class, DataPart Part)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Picture files with their classes, in an order that does not depend on the file system.</summary>
internal sealed class LabelledFiles
{
    private const int DeepestFolder = 8;

    private static readonly string[] s_train = ["train", "training"];
    private static readonly string[] s_test = ["test", "testing"];
    private static readonly string[] s_valid = ["valid", "validation", "val", "dev"];

    // Beside pictures lie notes, lists and what file managers leave; their names say that they are no pictures.
    private static readonly string[] s_notPictures =
        [".txt", ".csv", ".tsv", ".json", ".jsonl", ".md", ".xml", ".db", ".ini", ".html", ".yaml", ".yml", ".py", ".cs", ".log", ".npy", ".npz", ".zip", ".gz", ".onnx", ".h5", ".keras", ".parquet", ".pdf", ".docx"];

    private readonly List<LabelledFile> _files = [];
    private readonly Dictionary<string, int> _skipped = [];
    private readonly List<string> _empty = [];

    /// <summary>The files.</summary>
    public IReadOnlyList<LabelledFile> Files => _files;

    /// <summary>Files whose names say that they are no pictures, by ending.</summary>
    public IReadOnlyDictionary<string, int> Skipped => _skipped;

    /// <summary>Sub-folders without a picture.</summary>
    public IReadOnlyList<string> EmptyClasses => _empty;

    /// <summary>Files that lie where sub-folders were expected.</summary>
    public int Loose { get; private set; }

    /// <summary>The classes' names.</summary>
    public IEnumerable<string> Classes => _files.Select(file => file.Class).Distinct(StringComparer.Ordinal);

    /// <summary>Takes files that a list names.</summary>
    public static LabelledFiles Of(IEnumerable<LabelledFile> files)
    {
        var list = new LabelledFiles();
        list._files.AddRange(files);
        return list;
    }

    /// <summary>Finds the files of a folder whose sub-folders are classes, or split them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="onlyLook">Whether one file of each class is enough.</param>
    public static LabelledFiles InFolders(string folder, bool onlyLook = false)
    {
        var list = new LabelledFiles();
        var root = folder;
        for (var depth = 0; depth < 3; depth++)
        {
            var subFolders = SubFolders(root);
            if (subFolders.Any(path => Is(path, s_train)) && subFolders.All(path => Is(path, s_train) || Is(path, s_valid) || Is(path, s_test) || SubFolders(path).Length == 0))
            {
                foreach (var path in subFolders)
                {
                    var part = Is(path, s_train) ? DataPart.Train : Is(path, s_test) ? DataPart.Test : DataPart.Validation;
                    if (part != DataPart.Validation || Is(path, s_valid))
                    {
                        list.AddClasses(path, Path.GetFileName(path) + "/", part, onlyLook);
                    }
                }

                return list;
            }

            // An archive often unpacks to one folder that holds everything.
            if (subFolders is [var only] && FilesOf(root, recursive: false).All(path => Kind(path) != FileKind.Picture) && SubFolders(only).Length > 0)
            {
                root = only;
                continue;
            }

            break;
        }

        list.AddClasses(root, "", DataPart.Train, onlyLook);
        return list;
    }

    private enum FileKind
    {
        Picture,
        Other,
        Hidden,
    }

    private static bool Is(string path, string[] names) => names.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);

    private static string[] SubFolders(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Where(path => !IsHidden(Path.GetFileName(path))).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FilesOf(string folder, bool recursive) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = recursive, MaxRecursionDepth = DeepestFolder, IgnoreInaccessible = false, AttributesToSkip = 0 });

    private static bool IsHidden(string name) => name.StartsWith('.') || name is "__MACOSX" or "@eaDir" || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase) || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase);

    private static FileKind Kind(string path) =>
        IsHidden(Path.GetFileName(path)) ? FileKind.Hidden : s_notPictures.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? FileKind.Other : FileKind.Picture;

    private void AddClasses(string folder, string prefix, DataPart part, bool onlyLook)
    {
        Loose += FilesOf(folder, recursive: false).Count(path => Kind(path) == FileKind.Picture);
        foreach (var path in SubFolders(folder))
        {
            var name = Path.GetFileName(path);
            var before = _files.Count;
            foreach (var file in onlyLook ? FilesOf(path, recursive: true) : FilesOf(path, recursive: true).Order(StringComparer.Ordinal))
            {
                // A hidden folder in between hides what is in it.
                var relative = Path.GetRelativePath(path, file);
                if (relative.Split(Path.DirectorySeparatorChar).Any(IsHidden))
                {
                    continue;
                }

                if (Kind(file) == FileKind.Other)
                {
                    var ending = Path.GetExtension(file).ToLowerInvariant();
                    _skipped[ending] = _skipped.GetValueOrDefault(ending) + 1;
                    continue;
                }

                _files.Add(new LabelledFile(file, $"{prefix}{name}/{relative.Replace(Path.DirectorySeparatorChar, '/')}", name, part));
                ImageFolder.CheckCount(_files.Count, folder);
                if (onlyLook)
                {
                    break;
                }
            }

            if (_files.Count == before)
            {
                _empty.Add($"{prefix}{name}");
            }
        }
    }
}

using DigitML.IO;

namespace DigitML.Data;

/// <summary>Reads labelled pictures from a file or folder of the user's, IDX or CSV, recognised by content.</summary>
/// <remarks>IDX has no place to say who drew its pictures, so the file's name does: see <see cref="SyntheticPrefix"/>.</remarks>
internal static class DigitFile
{
    /// <summary>What the names of IDX files begin with whose pictures a program drew; they are read as synthetic.</summary>
    public const string SyntheticPrefix = "synthetic-";

    /// <summary>Reads a file of pictures.</summary>
    /// <param name="path">IDX pictures, or CSV of 28×28 pictures with or without labels; gzipped or not.</param>
    /// <param name="labelsPath">
    /// IDX labels; null to look beside the pictures for a file of the same name with <c>labels</c> for <c>images</c>
    /// and <c>idx1</c> for <c>idx3</c>, and to do without when there is none.
    /// </param>
    /// <exception cref="DigitException">The file cannot be read, or is not what it should be.</exception>
    public static LabelledImages Read(string path, string? labelsPath = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (IsIdx(path))
        {
            return ReadIdx(path, labelsPath ?? FindLabels(path), Path.GetFileName(path));
        }

        return labelsPath is null
            ? CsvReader.Read(path)
            : throw new DigitException($"{path}: expected IDX images to go with the labels in {labelsPath} but the file does not begin as IDX does.");
    }

    /// <summary>Reads training and test pictures from a folder laid out as MNIST's, whatever it holds: Fashion-MNIST, or digits of one's own.</summary>
    /// <param name="folder">Holds <c>train-images-idx3-ubyte</c> and its three fellows, gzipped or not, with or without <see cref="SyntheticPrefix"/>.</param>
    /// <exception cref="DigitException">A file is missing, cannot be read, or is not what it should be.</exception>
    public static (LabelledImages Train, LabelledImages Test) ReadFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (name.Equals("mnist", StringComparison.OrdinalIgnoreCase))
        {
            // Only Mnist calls digits so, after it has checked every byte.
            name = "own digits";
        }

        return (
            ReadIdx(Find(MnistFile.TrainImages), Find(MnistFile.TrainLabels), $"{name} train"),
            ReadIdx(Find(MnistFile.TestImages), Find(MnistFile.TestLabels), $"{name} test"));

        string Find(MnistFile file) => MnistFolder.Find(folder, file.Name) ?? MnistFolder.Find(folder, SyntheticPrefix + file.Name)
            ?? throw new DigitException($"{folder}: no {file.Name} or {file.Name}.gz in it. A folder of IDX files is laid out as MNIST's.");
    }

    private static LabelledImages ReadIdx(string imagesPath, string? labelsPath, string name)
    {
        var images = IdxReader.ReadImages(imagesPath, labelsPath, name);
        return Path.GetFileName(imagesPath).StartsWith(SyntheticPrefix, StringComparison.Ordinal)
            ? new LabelledImages(images.Name, images.Width, images.Height, images.PixelMemory, images.LabelMemory, isSynthetic: true)
            : images;
    }

    private static bool IsIdx(string path)
    {
        // IDX begins with two zero bytes, which no text does.
        using var content = ContentFile.Open(path);
        Span<byte> start = stackalloc byte[2];
        return content.Read(start) == start.Length && start is [0, 0];
    }

    private static string? FindLabels(string imagesPath)
    {
        var name = Path.GetFileName(imagesPath);
        var labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        var path = Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", labels);
        return labels != name && File.Exists(path) ? path : null;
    }
}

using DigitML.IO;
using DigitML.MLNet;
using DigitML.Models;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Pictures of digits in ML.NET's pipelines.</summary>
public static class DigitImageCatalog
{
    private static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif"];

    /// <summary>
    /// Lists the pictures of a folder with their labels, in the order of their names: one folder a class, called like it, or a file
    /// <c>labels.csv</c> beside the pictures with a header and two columns, file and label.
    /// </summary>
    /// <param name="catalog">The data of an <see cref="MLContext"/>.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The columns <c>ImagePath</c> and <c>Label</c>, both text. Pictures are opened when they are asked for.</returns>
    /// <exception cref="DigitException">The folder is not there or has no labelled pictures, or <c>labels.csv</c> names a file that is not there.</exception>
    public static IDataView LoadDigits(this DataOperationsCatalog catalog, string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
        {
            throw new DigitException($"{folder}: expected a folder with one folder a class, or with pictures and labels.csv, but it is not there.");
        }

        var table = Path.Combine(folder, "labels.csv");
        var pictures = File.Exists(table) ? Listed(catalog, folder, table) : Sorted(folder);
        return pictures.Count > 0
            ? catalog.LoadFromEnumerable(pictures)
            : throw new DigitException($"{folder}: expected one folder a class with pictures in it ({string.Join(", ", s_endings)}), or pictures and labels.csv, but found none.");
    }

    /// <summary>
    /// Brings pictures of single digits into the form of MNIST, exactly as the reader does: ink found, cut out, stroke width and size brought
    /// near MNIST's, centred; 784 values from 0 (ground) to 255 (ink). A picture without ink gives missing values (NaN), which
    /// <c>FilterRowsByMissingValues</c> leaves out.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">A vector of 784 <see cref="float"/>.</param>
    /// <param name="inputColumnName">
    /// Pictures: paths of files (text), files in memory (a vector of <see cref="byte"/>) or <see cref="MLImage"/>. PNG and JPEG are read by
    /// DigitML's own decoders, within limits and with EXIF orientation; what an <see cref="MLImage"/> holds was decoded by ML.NET.
    /// </param>
    public static DigitImageEstimator NormalizeDigit(this TransformsCatalog catalog, string outputColumnName = "Features", string inputColumnName = "ImagePath")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DigitImageEstimator(inputColumnName, [new(outputColumnName, ImageColumns.Features)], DigitImageTask.Normalize, null);
    }

    /// <summary>Reads pictures, one digit or many, with the whole reader.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="inputColumnName">Pictures, as in <see cref="NormalizeDigit"/>.</param>
    /// <param name="textColumnName">What was read, text; lines are separated by \n.</param>
    /// <param name="verdictColumnName"><c>digit</c>, <c>ambiguous</c>, <c>not-a-digit</c> or <c>blank</c>, text.</param>
    /// <param name="probabilityColumnName">The smallest probability among the digits; 0 without digits.</param>
    /// <param name="model">A network of one's own, which travels in the saved pipeline; null for the one that comes with the library.</param>
    public static DigitImageEstimator ReadDigits(
        this TransformsCatalog catalog,
        string inputColumnName = "ImagePath",
        string textColumnName = "Text",
        string verdictColumnName = "Verdict",
        string probabilityColumnName = "Probability",
        Mlp? model = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DigitImageEstimator(
            inputColumnName,
            [new(textColumnName, ImageColumns.Text), new(verdictColumnName, ImageColumns.Verdict), new(probabilityColumnName, ImageColumns.Probability)],
            DigitImageTask.Read,
            model);
    }

    private static List<LabelledPicture> Sorted(string folder)
    {
        var pictures = new List<LabelledPicture>();
        foreach (var kind in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            pictures.AddRange(Directory.EnumerateFiles(kind)
                .Where(file => s_endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Select(file => new LabelledPicture { ImagePath = file, Label = Path.GetFileName(kind) }));
        }

        return pictures;
    }

    private static List<LabelledPicture> Listed(DataOperationsCatalog catalog, string folder, string table)
    {
        var rows = catalog.LoadFromTextFile(
            table,
            [new TextLoader.Column("File", DataKind.String, 0), new TextLoader.Column("Label", DataKind.String, 1)],
            separatorChar: ',',
            hasHeader: true,
            allowQuoting: true,
            trimWhitespace: true);
        var pictures = new List<LabelledPicture>();
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        foreach (var (file, label) in rows.GetColumn<string>("File").Zip(rows.GetColumn<string>("Label")))
        {
            var where = Invariant($"{table}, row {pictures.Count + 1}");
            if (string.IsNullOrWhiteSpace(file) || string.IsNullOrWhiteSpace(label))
            {
                throw new DigitException($"{where}: expected a file and a label but found '{file}' and '{label}'.");
            }

            var path = Path.GetFullPath(Path.Combine(folder, file));
            if (!path.StartsWith(root, StringComparison.Ordinal) || !File.Exists(path))
            {
                throw new DigitException($"{where}: expected a file in this folder but '{file}' is not there.");
            }

            pictures.Add(new LabelledPicture { ImagePath = path, Label = label });
        }

        return pictures;
    }

    private sealed class LabelledPicture
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}

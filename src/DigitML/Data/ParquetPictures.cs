using System.Globalization;
using System.Text.Json;
using DigitML.IO;
using Parquet;
using Parquet.Schema;

namespace DigitML.Data;

/// <summary>Reads pictures from Parquet files as Hugging Face serves its data sets: a column <c>image</c> of <c>{bytes, path}</c> beside <c>label</c>.</summary>
/// <remarks>Parquet.Net parses what is not trusted, so counts are bounded first and whatever it throws becomes one line.</remarks>
internal static class ParquetPictures
{
    /// <summary>What such a file begins and ends with.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private const int MostRows = 4_000_000;
    private const int MostRowGroups = 100_000;
    private static readonly string[] s_images = ["image", "img", "picture", "png", "jpg", "bytes"];
    private static readonly string[] s_labels = ["label", "labels", "class", "target", "digit", "character", "fine_label", "y"];

    /// <summary>Reads one file's pictures and classes.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="DigitException">The file is damaged, or holds no pictures with classes.</exception>
    public static (IReadOnlyList<byte[]> Pictures, IReadOnlyList<string> Labels) Read(Stream stream, string file)
    {
        try
        {
            ParquetFooter.Check(stream, file);
            using var bounded = new BoundedReads(stream);
            return ReadAsync(bounded, file).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not (DigitException or OutOfMemoryException))
        {
            throw new DigitException($"{file}: the Parquet file is cut short, damaged or of a kind that is not read ({FirstLine(error.Message)}). Get the file again.", error);
        }
        catch (OutOfMemoryException error)
        {
            throw new DigitException($"{file}: the Parquet file claims more than fits into memory. It is damaged.", error);
        }
    }

    private static async Task<(IReadOnlyList<byte[]> Pictures, IReadOnlyList<string> Labels)> ReadAsync(Stream stream, string file)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true).ConfigureAwait(false);
        var fields = reader.Schema.GetDataFields();
        var image = Find(fields, s_images, IsBytes) ?? throw new DigitException($"{file}: expected a column of pictures, 'image' with bytes, but its columns are {Names(fields)}. Tables are read from CSV.");
        var label = Find(fields, s_labels, field => !IsBytes(field)) ?? throw new DigitException($"{file}: expected a column 'label' beside '{NameOf(image)}' but its columns are {Names(fields)}.");
        var names = ClassNames(reader.CustomMetadata, label.Path.FirstPart ?? label.Name);
        var (pictures, labels) = (new List<byte[]>(), new List<string>());
        if (reader.RowGroupCount > MostRowGroups)
        {
            throw new DigitException(Invariant($"{file}: has {reader.RowGroupCount} groups of rows; at most {MostRowGroups} are read."));
        }

        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            if (rows.RowCount < 0 || rows.RowCount + pictures.Count > MostRows || rows.RowCount > stream.Length)
            {
                throw new DigitException(Invariant($"{file}: claims {rows.RowCount} rows in one group; at most {MostRows} in all are read, and each takes a byte."));
            }

            var bytes = new byte[]?[rows.RowCount];
            await rows.ReadAsync(image, bytes.AsMemory()).ConfigureAwait(false);
            var classes = await ReadLabels(rows, label, file).ConfigureAwait(false);
            for (var row = 0; row < bytes.Length; row++)
            {
                pictures.Add(bytes[row] ?? []);
                labels.Add(names is not null && int.TryParse(classes[row], NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place >= 0 && place < names.Count ? names[place] : classes[row]);
            }
        }

        return (pictures, labels);
    }

    private static async Task<string[]> ReadLabels(ParquetRowGroupReader rows, DataField field, string file)
    {
        var count = (int)rows.RowCount;
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var text = new string?[count];
            await rows.ReadAsync(field, text.AsMemory()).ConfigureAwait(false);
            return Array.ConvertAll(text, value => value ?? throw Missing());
        }

        return field.ClrType switch
        {
            var type when type == typeof(long) => await Numbers<long>().ConfigureAwait(false),
            var type when type == typeof(int) => await Numbers<int>().ConfigureAwait(false),
            var type when type == typeof(short) => await Numbers<short>().ConfigureAwait(false),
            var type when type == typeof(sbyte) => await Numbers<sbyte>().ConfigureAwait(false),
            var type when type == typeof(byte) => await Numbers<byte>().ConfigureAwait(false),
            var type when type == typeof(ushort) => await Numbers<ushort>().ConfigureAwait(false),
            var type when type == typeof(uint) => await Numbers<uint>().ConfigureAwait(false),
            _ => throw new DigitException($"{file}: expected classes as whole numbers or words in '{CsvColumns.Shown(field.Name)}' but they are {field.ClrType.Name}."),
        };

        async Task<string[]> Numbers<T>()
            where T : struct, IFormattable
        {
            var values = new T?[count];
            await rows.ReadAsync(field, values.AsMemory()).ConfigureAwait(false);
            return Array.ConvertAll(values, value => value is { } number ? number.ToString(null, CultureInfo.InvariantCulture) : throw Missing());
        }

        DigitException Missing() => new($"{file}: expected a class in every row of '{CsvColumns.Shown(field.Name)}' but one is missing.");
    }

    private static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    private static DataField? Find(DataField[] fields, string[] names, Func<DataField, bool> isOne)
    {
        var candidates = fields.Where(field => isOne(field) && field.MaxRepetitionLevel == 0).ToArray();
        return names.Select(name => Array.Find(candidates, field => name.Equals(field.Path.FirstPart, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(field => field is not null);
    }

    private static string Names(DataField[] fields) => string.Join(", ", fields.Take(8).Select(field => $"'{NameOf(field)}'"));

    /// <summary>The classes' names as Hugging Face's library notes them in a file's metadata; null when it did not.</summary>
    private static List<string>? ClassNames(Dictionary<string, string> metadata, string label)
    {
        if (!metadata.TryGetValue("huggingface", out var text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            var names = json.RootElement.GetProperty("info").GetProperty("features").GetProperty(label).GetProperty("names");
            return [.. names.EnumerateArray().Select(name => name.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(DataField field) => CsvColumns.Shown(Invariant($"{field.Path}"));

    private static string FirstLine(string message) => CsvColumns.Shown(message.Split('\n')[0].TrimEnd('.', '\r'));
}

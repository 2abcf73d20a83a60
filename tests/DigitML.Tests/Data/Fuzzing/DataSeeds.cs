using System.IO.Compression;
using System.Text;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Tests.Imaging.Fuzzing;
using Parquet;
using Parquet.Schema;

namespace DigitML.Tests.Data.Fuzzing;

/// <summary>A reader of data or models as the fuzzing takes decoders.</summary>
/// <param name="format">What it reads.</param>
/// <param name="read">Reads a file's bytes.</param>
internal sealed class DataDecoder(string format, Action<byte[]> read) : IImageDecoder
{
    public string Format => format;

    public bool Recognises(ReadOnlySpan<byte> start) => true;

    // What matters is what the reader does on its way; a picture there has to be.
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        read(file.ToArray());
        return new(new GreyImage(1, 1, new byte[1]), Format, 1, 1);
    }
}

/// <summary>Readers of data and models, and the sound files that their fuzzing starts from, small and cut at their structures.</summary>
internal static class DataSeeds
{
    /// <summary>The most that Parquet.Net takes for a page that claims to be large: 256 MiB, and its blocks beside that.</summary>
    public const long ParquetBytes = 300_000_000;

    public static (DataDecoder Decoder, FuzzSeed[] Seeds)[] All { get; } =
    [
        (new DataDecoder("NumPy", file => NpyArray.Read(new MemoryStream(file), file.Length, "array")), [Seed(Npy(), 10, 80)]),
        (new DataDecoder("NPZ", file => NpyArray.ReadZip(new MemoryStream(file), "arrays")), [Seed(Npz(), 30, 60)]),
        (new DataDecoder("IDX", file => IdxReader.Read(new MemoryStream(file), "idx")), [Seed([0, 0, 0x0D, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. new byte[96]], 4, 16)]),
        (new DataDecoder("CSV", file => CsvTable.Read(new ContentFile(new MemoryStream(file), "csv"), "csv", new CsvOptions { Width = 2, Height = 2 })), [.. Csv().Select(text => Seed(Encoding.UTF8.GetBytes(text), 5, 12))]),
        (new DataDecoder("Parquet", file => ParquetPictures.Read(new MemoryStream(file), "parquet")), [Seed(Parquet(), 4, 200)]),
        (new DataDecoder("ONNX", ReadOnnx), [Seed(Onnx(), 8, 40)]),
    ];

    private static readonly TemporaryFile s_external = new();

    private static FuzzSeed Seed(byte[] file, params int[] boundaries) => new(file, [0, .. boundaries.Where(at => at < file.Length), file.Length]);

    private static byte[] Npy()
    {
        var header = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 4), }\n";
        return [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[48]];
    }

    private static byte[] Npz()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "x.npy", "y.npy" })
            {
                using var entry = zip.CreateEntry(name, name == "x.npy" ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                entry.Write(Npy());
            }
        }

        return stream.ToArray();
    }

    private static string[] Csv() =>
    [
        "label,pixel0,pixel1,pixel2,pixel3\n1,0,1,2,255\n2,3,4,5,6\n",
        "\"a\";\"b\";\"class\"\r\n\"1,5\";\"2,5\";\"x\"\r\n\"1,25\";\"\";\"y\"\r\n",
        "# label a b\n1 2 3\n4 5 6\n",
    ];

    private static byte[] Parquet()
    {
        var schema = new ParquetSchema(new StructField("image", new DataField<byte[]>("bytes"), new DataField<string>("path")), new DataField<long>("label"));
        using var stream = new MemoryStream();
        Write().GetAwaiter().GetResult();
        return stream.ToArray();

        async Task Write()
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream);
            for (var group = 0; group < 2; group++)
            {
                using var rows = writer.CreateRowGroup();
                var fields = schema.GetDataFields();
                await rows.WriteAsync(fields[0], new byte[][] { [1, 2, 3], [4, 5], [6] });
                await rows.WriteAsync(fields[1], new string?[] { "a", null, "c" });
                await rows.WriteAsync<long>(fields[2], new ReadOnlyMemory<long>([1, 2, 3]));
            }
        }
    }

    /// <summary>A model whose weights lie in a file beside it, as PyTorch 2.9 writes it.</summary>
    private static byte[] Onnx()
    {
        using var stream = new MemoryStream();
        new Mlp(PixelNormalization.UnitRange, [new DenseLayer(4, 3, new float[12], new float[3], Activation.Gelu), new DenseLayer(3, 2, new float[6], new float[2])]).Save(stream);
        return stream.ToArray();
    }

    private static void ReadOnnx(byte[] file)
    {
        // By path, so that a mutant may name files beside it.
        var path = s_external.Next();
        File.WriteAllBytes(path, file);
        try
        {
            Mlp.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class TemporaryFile
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("digitml-fuzz-").FullName;
        private long _number;

        public string Next() => Path.Combine(_folder, $"{Interlocked.Increment(ref _number)}.onnx");
    }
}

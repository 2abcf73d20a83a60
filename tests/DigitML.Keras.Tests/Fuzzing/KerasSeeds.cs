using System.IO.Compression;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Tests.Imaging.Fuzzing;

namespace DigitML.Keras.Tests.Fuzzing;

/// <summary>The reader of Keras files as the fuzzing takes decoders, and the sound files that it starts from.</summary>
internal sealed class KerasDecoder : IImageDecoder
{
    public string Format => "Keras";

    public bool Recognises(ReadOnlySpan<byte> start) => true;

    // What matters is what the model does on its way; a picture there has to be.
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        var model = KerasModel.Parse(file.ToArray(), "model", options.TargetSide == 0 ? null : new KerasLoadOptions { TakesFeatures = true });
        return new(new GreyImage(1, 1, new[] { (byte)model.ClassCount }), Format, 1, 1);
    }
}

/// <summary>Files of make_models.py, cut at their structures.</summary>
internal static class KerasSeeds
{
    private static readonly byte[][] _signatures =
    [
        [.. "TREE"u8], [.. "SNOD"u8], [.. "HEAP"u8], [.. "GCOL"u8], [.. "OHDR"u8], [.. "OCHK"u8], [.. "PK"u8],
        // An object header of version 1 with so many messages, referred to once.
        .. Enumerable.Range(1, 12).Select(messages => new byte[] { 1, 0, (byte)messages, 0, 1, 0, 0, 0 }),
    ];

    public static FuzzSeed[] All { get; } =
    [
        .. new[] { "thesis-keras2.h5", "thesis-keras3.h5", "thesis-latest.h5", "thesis-chunked.h5", "batch-normalization.h5", "functional.h5", "floats.h5", "binary.h5" }.Select(file => Seed(Read(file))),
        .. new[] { "thesis.keras", "functional.keras", "bfloat16.keras", "thesis-backslashes.keras" }.Select(Archive),
    ];

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", file));

    // Half of all changes fall on the first bytes of a structure, since each is a part and what follows another.
    private static FuzzSeed Seed(byte[] file)
    {
        const int head = 48;
        var boundaries = new SortedSet<int> { 0, 96, file.Length };
        foreach (var signature in _signatures)
        {
            for (var at = file.AsSpan().IndexOf(signature); at >= 0;)
            {
                boundaries.Add(at);
                boundaries.Add(Math.Min(at + head, file.Length));
                var next = file.AsSpan(at + 1).IndexOf(signature);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return new FuzzSeed(file, [.. boundaries.Where(at => at <= file.Length)]);
    }

    private static FuzzSeed Archive(string name)
    {
        using var zip = new ZipArchive(new MemoryStream(Read(name)));
        var entries = zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });
        return Seed(Read(name)) with
        {
            Inner = entries["model.weights.h5"],
            Rebuild = inner => Zip(entries, inner),
        };
    }

    private static byte[] Zip(Dictionary<string, byte[]> entries, byte[] weights)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name == "model.weights.h5" ? weights : content);
            }
        }

        return stream.ToArray();
    }
}

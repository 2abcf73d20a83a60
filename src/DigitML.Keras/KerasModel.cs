using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DigitML.IO;
using DigitML.Keras.Hdf5;
using DigitML.Keras.Layers;
using DigitML.Models;

namespace DigitML.Keras;

/// <summary>Reads and writes the model files of Keras: whole-model HDF5 (<c>.h5</c>) of Keras 2 and 3, and <c>.keras</c>.</summary>
public static class KerasModel
{
    /// <summary>The most bytes a file may have, and each file inside a <c>.keras</c> file: 1 GiB.</summary>
    private const int MaximumFileBytes = 1 << 30;

    private const int MaximumConfigBytes = 1 << 24;
    private const string ConfigEntry = "config.json";
    private const string WeightsEntry = "model.weights.h5";

    private static ReadOnlySpan<byte> ZipSignature => "PK\x03\x04"u8;

    /// <summary>
    /// Reads a Keras file, recognised by its content: HDF5 with the whole model as <c>model.save("digits.h5")</c> writes it, or <c>.keras</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The model is Sequential, or Functional with one layer after the other, and models inside it are unfolded. Its layers are Flatten,
    /// Reshape, Dense, BatchNormalization, Normalization, Rescaling, activations (relu, relu6, leaky_relu, elu, gelu, silu, tanh, sigmoid,
    /// PReLU; softmax last), and those that do nothing when predicting, such as Dropout. A missing softmax is added; one unit with sigmoid
    /// becomes two classes. What scales values is folded into the layers beside it. Weights are float32, or float16, bfloat16 or float64,
    /// which are converted.
    /// </para>
    /// <para>
    /// The network's metadata say under <c>inputScale</c> what the model is given and why: <c>0-255, by the model's layers</c>,
    /// <c>0-1, by default</c>, or <c>stated</c>.
    /// </para>
    /// <para>
    /// Nothing in the file is trusted: no code in it is run and no other file opened. At most 1 GiB, 65 dense layers, 1,048,576 pixels,
    /// 65,536 units a layer and 268,435,456 weights are read, and nothing is allocated for what the file claims before it is held against
    /// what the file has. Every weight must be finite.
    /// </para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DigitException">The file is not there, is no whole Keras model, or is one that is not run here; says which.</exception>
    /// <exception cref="ArgumentException">The options' normalisation is not finite.</exception>
    public static Mlp Load(string path, KerasLoadOptions? options = null) =>
        Parse(BoundedFile.Read(path, MaximumFileBytes, "a Keras model"), path, options);

    /// <summary>Reads a Keras file, as <see cref="Load(string, KerasLoadOptions)"/> does, from a stream, which stays open.</summary>
    /// <param name="stream">Read from where it stands to its end; at most 1 GiB.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DigitException">The stream holds no whole Keras model, or one that is not run here; says which.</exception>
    /// <exception cref="ArgumentException">The options' normalisation is not finite.</exception>
    public static Mlp Load(Stream stream, KerasLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Parse(BoundedFile.Read(stream, MaximumFileBytes, "a Keras model", "model"), "model", options);
    }

    /// <summary>
    /// Writes a network as a Sequential model of Keras. A name that ends in <c>.keras</c> gives Keras 3's own format, any other a whole-model
    /// HDF5 file, which Keras 2 and 3 read. The normalisation becomes a Rescaling layer, so that the model takes pixel values 0 to 255, of
    /// shape [n, <see cref="Mlp.InputCount"/>]; for the features of a table it becomes a BatchNormalization. <see cref="Mlp.Metadata"/> is not
    /// written. The same model gives the same bytes, and weights come back bit for bit.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="path">The file; its folder must exist. It is replaced whole or, on a failure, not at all.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A weight is NaN or infinite, the file would be larger than 1 GiB, the model is an ensemble, or Keras has no layer for an activation.</exception>
    public static void Save(Mlp model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (model.MemberCount > 1)
        {
            throw new InvalidOperationException(Invariant($"Keras has no layer for an ensemble of {model.MemberCount} members; save the members, or the ensemble as ONNX."));
        }

        if (4L * model.ParameterCount > MaximumFileBytes - MaximumConfigBytes)
        {
            throw new InvalidOperationException(Invariant($"A Keras file has at most {MaximumFileBytes} bytes; this model of {model.ParameterCount} weights would take more."));
        }

        if (path.EndsWith(".keras", StringComparison.OrdinalIgnoreCase))
        {
            AtomicFile.Write(path, stream => KerasExport.WriteArchive(model, stream));
            return;
        }

        var blocks = KerasExport.WholeModel(model);
        AtomicFile.Write(path, stream =>
        {
            foreach (var block in blocks)
            {
                stream.Write(block.Span);
            }
        });
    }

    /// <summary>Whether a file is one that <see cref="Load(string, KerasLoadOptions)"/> is for, by its content: HDF5, or a zip with <c>config.json</c> in it.</summary>
    /// <param name="path">The file. One that cannot be read is none.</param>
    public static bool Recognises(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // A pipe is no file to look at twice.
            if (!stream.CanSeek)
            {
                return false;
            }

            Span<byte> start = stackalloc byte[8];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            if (Hdf5File.IsHdf5(start))
            {
                return true;
            }

            if (!start.StartsWith(ZipSignature) || stream.Length > MaximumFileBytes)
            {
                return false;
            }

            stream.Position = 0;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            return zip.GetEntry(ConfigEntry) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Reads a file that lies in memory.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    internal static Mlp Parse(byte[] file, string name, KerasLoadOptions? options)
    {
        options ??= new KerasLoadOptions();
        if (options.Normalization is { } normalization && !(float.IsFinite(normalization.Scale) && float.IsFinite(normalization.Mean) && float.IsFinite(normalization.Deviation) && normalization.Deviation > 0))
        {
            throw new ArgumentException($"Normalisation must be finite with a deviation above 0; got {normalization}.", nameof(options));
        }

        try
        {
            return Hdf5File.IsHdf5(file) ? ParseWholeModel(file, options)
                : file.AsSpan().StartsWith(ZipSignature) ? ParseArchive(file, options)
                : throw new KerasFormatException("expected a Keras model, HDF5 or .keras, but the file is something else");
        }
        catch (KerasFormatException error)
        {
            throw new DigitException($"{name}: {error.Message}.", error);
        }
    }

    private static Mlp ParseWholeModel(byte[] bytes, KerasLoadOptions options)
    {
        var file = new Hdf5File(bytes);
        var root = file.Root;
        var json = root.Text("model_config");
        if (json is null)
        {
            throw new KerasFormatException(
                root.Child("layer_names") is not null || root.Texts("layer_names") is not null || root.Child("layers") is not null || root.Child("_layer_checkpoint_dependencies") is not null
                    ? "it holds weights alone; save the whole model, with model.save(\"model.keras\")"
                    : "expected a Keras model but it is an HDF5 file without model_config; save the whole model, with model.save(\"model.keras\")");
        }

        var weights = root.Child("model_weights") ?? throw new KerasFormatException("expected the group model_weights but the file has none; save the whole model again");
        var metadata = new Dictionary<string, string>();
        AddVersion(metadata, root.Text("keras_version") ?? weights.Text("keras_version"));
        var steps = LayerReader.Read(KerasConfig.Parse(json), KerasWeights.OfWholeModel(weights));
        return NetworkBuilder.Build(steps, KerasExport.Says(root.Text(KerasExport.InputAttribute), options), metadata);
    }

    private static Mlp ParseArchive(byte[] bytes, KerasLoadOptions options)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var config = KerasConfig.Parse(Encoding.UTF8.GetString(Entry(zip, ConfigEntry, MaximumConfigBytes, bytes.Length)));
            var metadata = new Dictionary<string, string>();
            string? input = null;
            if (zip.GetEntry(KerasExport.MetadataEntry) is not null)
            {
                using var document = JsonDocument.Parse(Entry(zip, KerasExport.MetadataEntry, MaximumConfigBytes, bytes.Length));
                AddVersion(metadata, document.RootElement.Text("keras_version"));
                input = document.RootElement.Text(KerasExport.InputAttribute);
            }

            // What was packed may be much larger than the file: as much as the model needs, with an optimizer's two numbers for each weight.
            var limit = Math.Min(MaximumFileBytes, Math.Max(bytes.Length, (16 * LayerReader.ImpliedWeights(config)) + (1 << 20)));
            var weights = new Hdf5File(Entry(zip, WeightsEntry, (int)limit, bytes.Length));
            var steps = LayerReader.Read(config, KerasWeights.OfArchive(weights));
            return NetworkBuilder.Build(steps, KerasExport.Says(input, options), metadata);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or EndOfStreamException or NotSupportedException or IOException)
        {
            throw new KerasFormatException("the .keras file is cut short or damaged; save or copy it again", error);
        }
    }

    private static byte[] Entry(ZipArchive zip, string name, int limit, int fileBytes)
    {
        var entry = zip.GetEntry(name) ?? throw new KerasFormatException($"expected a Keras model but the zip holds no {name}; save the whole model again");
        // Deflate makes at most 1032 bytes of one.
        if (entry.Length > limit || entry.CompressedLength > fileBytes || entry.Length > 1032L * (entry.CompressedLength + 1))
        {
            throw new KerasFormatException(Invariant($"{name} in it claims {entry.Length} bytes where at most {limit} are expected"));
        }

        // Room grows with what comes out, whatever the entry claims.
        using var stream = entry.Open();
        using var content = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            content.Write(buffer.AsSpan(0, read));
            if (content.Length > entry.Length)
            {
                throw new InvalidDataException();
            }
        }

        return content.Length == entry.Length ? content.ToArray() : throw new InvalidDataException();
    }

    private static void AddVersion(Dictionary<string, string> metadata, string? version)
    {
        if (version is { Length: > 0 and <= 40 })
        {
            metadata["kerasVersion"] = version;
        }
    }
}

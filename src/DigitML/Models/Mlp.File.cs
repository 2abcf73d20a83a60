using System.Security.Cryptography;
using DigitML.IO;
using DigitML.Models.Onnx;
using Google.Protobuf;

namespace DigitML.Models;

public sealed partial class Mlp
{
    /// <summary>The most bytes a model file may have, to be read or to be written: 1 GiB.</summary>
    internal const int MaximumFileBytes = 1 << 30;

    /// <summary>SHA-256 in lower-case hexadecimal of the file that <see cref="Save(string)"/> writes; computed once, when first asked for.</summary>
    /// <exception cref="InvalidOperationException">The model cannot be saved.</exception>
    public string Hash => field ??= ComputeHash();

    /// <summary>
    /// Writes the model as an ONNX file that any ONNX runtime runs: <c>pixels</c> float32 [n, <see cref="InputCount"/>],
    /// values 0 to 255, or, of a network for tables, <c>features</c>, to <c>probabilities</c> float32 [n, <see cref="ClassCount"/>]. The normalisation is part of
    /// the graph; <see cref="Metadata"/> is the file's. The same model gives the same bytes.
    /// </summary>
    /// <param name="path">The file, usually <c>.onnx</c>; its folder must exist. It is replaced whole or, on a failure, not at all.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A weight is NaN or infinite, or the file would be larger than 1 GiB.</exception>
    public void Save(string path)
    {
        var blocks = ToOnnx();
        AtomicFile.Write(path, stream => Write(blocks, stream));
    }

    /// <summary>Writes what <see cref="Save(string)"/> writes to a stream, which stays open.</summary>
    /// <param name="stream">Written to from where it stands.</param>
    /// <exception cref="InvalidOperationException">A weight is NaN or infinite, or the model would be larger than 1 GiB.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(ToOnnx(), stream);
    }

    /// <summary>
    /// Reads an ONNX file: what <see cref="Save(string)"/> wrote, bit for bit, or what PyTorch, Keras, scikit-learn and others
    /// export for a plain multilayer perceptron.
    /// </summary>
    /// <remarks>
    /// The graph must be a chain of dense layers (Gemm, or MatMul and Add) with activations between them: ReLU, leaky ReLU, PReLU,
    /// ELU, GELU, SiLU, tanh, sigmoid, ReLU6 or none, as operators or spelt out in others (x · sigmoid(x), say), which are recognised by
    /// what they work out. BatchNormalization, Scaler and arithmetic by constants, before a layer or behind it, are folded into it; so is a
    /// Transpose of pixels. Flatten, Reshape, Squeeze, Unsqueeze, Cast, Identity and Dropout change nothing. A missing
    /// softmax is added; a sigmoid of one output is read as two classes; ZipMap is left out; the names in it, or in what gives the label beside the probabilities, become the metadata's <c>classNames</c>. ML.NET's softmax
    /// regressions are read too and scikit-learn's logistic ones (Scaler, LinearClassifier and Normalizer of ai.onnx.ml). The input is [n, pixels], [n, height, width]
    /// or [n, 1, height, width]. Constants are float32, or float16, bfloat16, double or whole numbers, which are converted; they may lie in files of the same folder (external data). Nothing is allocated
    /// for what the file claims before it is held against what there is: at most 1 GiB, and as much in files beside it, 10,000 nodes, 65 dense
    /// layers, 1,048,576 pixels, 65,536 units a layer and 268,435,456 weights. Every weight must be finite. What was taken for
    /// the scale of pixels, and why, is the metadata's <see cref="InputScale.MetadataKey"/>.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read what another program wrote; null for the defaults.</param>
    /// <exception cref="DigitException">The file is not there, is no whole ONNX model, or is one that is not run here; says which.</exception>
    /// <exception cref="ArgumentException">The options' normalisation is not finite.</exception>
    public static Mlp Load(string path, MlpLoadOptions? options = null) =>
        Parse(BoundedFile.Read(path, MaximumFileBytes, "a model"), path, options, new ExternalFiles(Path.GetDirectoryName(Path.GetFullPath(path))));

    /// <summary>Reads a model, as <see cref="Load(string, MlpLoadOptions)"/> does, from a stream, which stays open.</summary>
    /// <param name="stream">Read from where it stands to its end; at most 1 GiB.</param>
    /// <param name="options">How to read what another program wrote; null for the defaults.</param>
    /// <exception cref="DigitException">The stream holds no whole ONNX model, or one that is not run here; says which.</exception>
    /// <exception cref="ArgumentException">The options' normalisation is not finite.</exception>
    public static Mlp Load(Stream stream, MlpLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Parse(BoundedFile.Read(stream, MaximumFileBytes, "a model", "model"), "model", options, new ExternalFiles(null));
    }

    /// <summary>Reads a model, as <see cref="Load(string, MlpLoadOptions)"/> does, from bytes in memory.</summary>
    /// <param name="onnx">All of the file; not kept.</param>
    /// <param name="options">How to read what another program wrote; null for the defaults.</param>
    /// <exception cref="DigitException">The bytes are no whole ONNX model, or one that is not run here; says which.</exception>
    /// <exception cref="ArgumentException">The options' normalisation is not finite.</exception>
    public static Mlp Load(byte[] onnx, MlpLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        return Parse(onnx, "model", options, new ExternalFiles(null));
    }

    /// <summary>Throws when pixel values would not stay finite.</summary>
    private static void CheckNormalization(PixelNormalization normalization, string argument)
    {
        if (!float.IsFinite(normalization.Scale) || !float.IsFinite(normalization.Mean) || !float.IsFinite(normalization.Deviation) || normalization.Deviation <= 0)
        {
            throw new ArgumentException($"Normalisation must be finite with a deviation above 0; got {normalization}.", argument);
        }
    }

    private static Mlp Parse(byte[] file, string name, MlpLoadOptions? options, ExternalFiles files)
    {
        CheckNormalization(options?.Normalization ?? PixelNormalization.UnitRange, nameof(options));
        try
        {
            return new OnnxImport(OnnxModel.Read(file), options ?? new MlpLoadOptions(), files).Build();
        }
        catch (OnnxFormatException error)
        {
            throw new DigitException($"{name}: {error.Message}.", error);
        }
        catch (InvalidProtocolBufferException error)
        {
            // Every ONNX file that a common tool writes begins with the field of its version. Weights are read last,
            // so a file may turn out to be damaged late.
            throw new DigitException(
                file is [0x08, ..]
                    ? $"{name}: expected a whole ONNX model but the file is cut short or damaged; export or copy it again."
                    : $"{name}: expected an ONNX model but the file is something else.",
                error);
        }
    }

    private IReadOnlyList<ReadOnlyMemory<byte>> ToOnnx()
    {
        var message = OnnxExport.Write(this);
        return message.Length <= MaximumFileBytes
            ? message.Blocks
            : throw new InvalidOperationException(Invariant($"A model file has at most {MaximumFileBytes} bytes; this model of {ParameterCount} weights would take {message.Length}."));
    }

    private static void Write(IReadOnlyList<ReadOnlyMemory<byte>> blocks, Stream stream)
    {
        foreach (var block in blocks)
        {
            stream.Write(block.Span);
        }
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in ToOnnx())
        {
            hash.AppendData(block.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How a model file is read that another program wrote.</summary>
public sealed record MlpLoadOptions
{
    /// <summary>What is done to pixel values 0 to 255 before they enter the file's graph.</summary>
    /// <value>
    /// Null, which decides by the graph. One that DigitML wrote, whose own arithmetic shrinks its input tenfold or more (a division by 255,
    /// say) or subtracts a mean that values in [0, 1] cannot have, or whose input is of whole numbers takes pixel values as they are. Any other was trained on values in [0, 1],
    /// as PyTorch's <c>ToTensor</c> and Keras's examples make them, and is given pixel / 255. Set it for a model
    /// whose training normalised otherwise and left that out of its graph:
    /// <c>new PixelNormalization(1 / 255f, 0.1307f, 0.3081f)</c>. For a file that DigitML wrote, or one for a table, it is an error.
    /// </value>
    public PixelNormalization? Normalization { get; init; }

    /// <summary>Whether the file's graph takes the features of a table, as they are, rather than pixel values. One that DigitML wrote says so itself.</summary>
    /// <value>false.</value>
    public bool TakesFeatures { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(MlpLoadOptions), PrintMembers);
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DigitML.Keras.Hdf5;
using DigitML.Keras.Layers;
using DigitML.Models;

namespace DigitML.Keras;

/// <summary>Writes a network as a Sequential model of Keras: the layers' options as JSON, and their weights.</summary>
internal sealed class KerasExport
{
    /// <summary>What a .keras file says of itself.</summary>
    public const string MetadataEntry = "metadata.json";

    /// <summary>Under this name a file that DigitML wrote says what the model takes; Keras does not look at it.</summary>
    public const string InputAttribute = "digitml_input";

    // Keras 3 reads whole-model .h5 files of Keras 2, and nothing written here has changed since this version.
    private const string OldVersion = "2.15.0";
    private const string NewVersion = "3.0.0";

    private const string Pixels = "pixels 0-255";
    private const string TableFeatures = "features";

    // The date inside a zip, so that the same model gives the same bytes.
    private static readonly DateTimeOffset _zipDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Mlp _model;
    private readonly bool _isOld;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, int> _counts = [];

    private KerasExport(Mlp model, bool isOld)
    {
        (_model, _isOld) = (model, isOld);
        AddInput();
        for (var i = 0; i < model.Layers.Count; i++)
        {
            AddDense(model.Layers[i], isLast: i == model.Layers.Count - 1);
        }
    }

    private string Input => _model.FeatureNormalization is null ? Pixels : TableFeatures;

    /// <summary>What a file says that DigitML wrote.</summary>
    /// <param name="text">The value of <see cref="InputAttribute"/>; null when there is none.</param>
    /// <param name="options">How the caller has the file read.</param>
    /// <returns>What is done to pixels before the model's layers, null when the file does not say; and the options, with what it says of features.</returns>
    /// <exception cref="KerasFormatException">The caller states a scale for a file that has it inside.</exception>
    public static (PixelNormalization? Written, KerasLoadOptions Options) Says(string? text, KerasLoadOptions options) => text switch
    {
        Pixels or TableFeatures when options.Normalization is not null => throw new KerasFormatException("DigitML wrote it, with what is done to its input inside; an input scale (--input-scale) is stated for models of pictures that other programs wrote"),
        Pixels => (new PixelNormalization(1, 0, 1), options),
        TableFeatures => (null, options with { TakesFeatures = true }),
        _ => (null, options),
    };

    /// <summary>A whole-model .h5 file.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> WholeModel(Mlp model)
    {
        var export = new KerasExport(model, isOld: true);
        var root = new Hdf5Group();
        root.Texts["keras_version"] = OldVersion;
        root.Texts["backend"] = "tensorflow";
        root.Texts["model_config"] = export.Config();
        root.Texts[InputAttribute] = export.Input;
        var weights = root.Make("model_weights");
        weights.Lists["layer_names"] = [.. export._layers.Skip(1).Select(layer => layer.Name)];
        weights.Texts["backend"] = "tensorflow";
        weights.Texts["keras_version"] = OldVersion;
        foreach (var layer in export._layers.Skip(1))
        {
            var group = weights.Make(layer.Name);
            group.Lists["weight_names"] = [.. layer.Weights.Select(weight => $"{layer.Name}/{weight.Name}:0")];
            foreach (var (name, sizes, values) in layer.Weights)
            {
                group.Make(layer.Name).Datasets.Add(name + ":0", (sizes, values));
            }
        }

        return Hdf5Writer.Write(root);
    }

    /// <summary>Writes a .keras file.</summary>
    public static void WriteArchive(Mlp model, Stream stream)
    {
        var export = new KerasExport(model, isOld: false);
        var root = new Hdf5Group();
        foreach (var layer in export._layers.Where(layer => layer.Weights.Count > 0))
        {
            var variables = root.Make($"layers/{layer.PathName}/vars");
            variables.Texts["name"] = layer.Name;
            for (var i = 0; i < layer.Weights.Count; i++)
            {
                variables.Datasets.Add(Invariant($"{i}"), (layer.Weights[i].Sizes, layer.Weights[i].Values));
            }
        }

        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        AddEntry(zip, MetadataEntry, [Encoding.UTF8.GetBytes($$"""{"keras_version": "{{NewVersion}}", "date_saved": "1980-01-01@00:00:00", "{{InputAttribute}}": "{{export.Input}}"}""")]);
        AddEntry(zip, "config.json", [Encoding.UTF8.GetBytes(export.Config())]);
        AddEntry(zip, "model.weights.h5", Hdf5Writer.Write(root));
    }

    private static void AddEntry(ZipArchive zip, string name, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        // As Keras does it, which reads the weights where they lie.
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = _zipDate;
        using var stream = entry.Open();
        foreach (var block in content)
        {
            stream.Write(block.Span);
        }
    }

    private void AddInput()
    {
        var inputs = _model.InputCount;
        Add("InputLayer", inputs, json =>
        {
            WriteShape(json, _isOld ? "batch_input_shape" : "batch_shape", inputs);
            json.WriteString("dtype", "float32");
            json.WriteBoolean("sparse", false);
        });

        if (_model.FeatureNormalization is { } features)
        {
            // (x − mean) · scale to the bit; Keras's Normalization has a variance, which the scale would have to be found from.
            var ones = new float[inputs];
            Array.Fill(ones, 1);
            Add("BatchNormalization", inputs, json =>
            {
                WriteCommon(json);
                json.WriteNumber("axis", -1);
                json.WriteNumber("epsilon", 0.0);
                json.WriteBoolean("center", true);
                json.WriteBoolean("scale", true);
            }, ("gamma", [inputs], features.Scale), ("beta", [inputs], new float[inputs]), ("moving_mean", [inputs], features.Mean), ("moving_variance", [inputs], ones));
        }
        else if (_model.Normalization is var normalization && normalization != new PixelNormalization(1, 0, 1))
        {
            var scale = normalization.Scale / (double)normalization.Deviation;
            Add("Rescaling", inputs, json =>
            {
                WriteCommon(json);
                json.WriteNumber("scale", scale);
                json.WriteNumber("offset", normalization.Mean == 0 ? 0.0 : -normalization.Mean / (double)normalization.Deviation);
            });
        }
    }

    private void AddDense(DenseLayer layer, bool isLast)
    {
        var weights = layer.Weights.Span;
        var kernel = new float[weights.Length];
        for (var o = 0; o < layer.Outputs; o++)
        {
            for (var i = 0; i < layer.Inputs; i++)
            {
                kernel[(i * layer.Outputs) + o] = weights[(o * layer.Inputs) + i];
            }
        }

        var name = isLast ? "softmax" : ActivationReading.Name(layer.Activation.Kind);
        Add("Dense", layer.Inputs, json =>
        {
            WriteCommon(json);
            json.WriteNumber("units", layer.Outputs);
            json.WriteString("activation", name ?? "linear");
            json.WriteBoolean("use_bias", true);
        }, ("kernel", [layer.Inputs, layer.Outputs], kernel), ("bias", [layer.Outputs], layer.Bias));
        if (name is null)
        {
            AddActivation(layer.Activation, layer.Outputs);
        }
    }

    private void AddActivation(Activation activation, int values)
    {
        switch (activation.Kind)
        {
            // LeakyReLU's option has another name in Keras 3; ReLU's are the same in both.
            case ActivationKind.LeakyRelu or ActivationKind.Relu6:
                Add("ReLU", values, json =>
                {
                    WriteCommon(json);
                    if (activation.Kind == ActivationKind.Relu6)
                    {
                        json.WriteNumber("max_value", 6.0);
                    }

                    json.WriteNumber("negative_slope", activation.Kind == ActivationKind.Relu6 ? 0.0 : activation.Alpha);
                    json.WriteNumber("threshold", 0.0);
                });
                break;
            case ActivationKind.Elu:
                Add("ELU", values, json =>
                {
                    WriteCommon(json);
                    json.WriteNumber("alpha", activation.Alpha);
                });
                break;
            case ActivationKind.PRelu:
                var slopes = activation.Slopes.Length == values ? activation.Slopes : Enumerable.Repeat(activation.Slopes.Span[0], values).ToArray();
                Add("PReLU", values, WriteCommon, ("alpha", [values], slopes));
                break;
            default:
                throw new InvalidOperationException($"Keras has no layer for the activation {activation.Kind}, which this model has; save it as ONNX.");
        }
    }

    private void Add(string className, int inputs, Action<Utf8JsonWriter> options, params (string Name, long[] Sizes, ReadOnlyMemory<float> Values)[] weights)
    {
        foreach (var (name, _, values) in weights)
        {
            foreach (var value in values.Span)
            {
                if (!float.IsFinite(value))
                {
                    throw new InvalidOperationException(Invariant($"A model is saved with finite weights; {className} has {value} in its {name}."));
                }
            }
        }

        var snake = KerasConfig.SnakeCase(className);
        _counts.TryGetValue(snake, out var count);
        _counts[snake] = count + 1;
        var path = count == 0 ? snake : Invariant($"{snake}_{count}");
        _layers.Add(new Layer(className, path, path, inputs, options, weights));
    }

    private static void WriteCommon(Utf8JsonWriter json)
    {
        json.WriteBoolean("trainable", true);
        json.WriteString("dtype", "float32");
    }

    private static void WriteShape(Utf8JsonWriter json, string name, int inputs)
    {
        json.WriteStartArray(name);
        json.WriteNullValue();
        json.WriteNumberValue(inputs);
        json.WriteEndArray();
    }

    private string Config()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            WriteObject(json, "keras", "Sequential", _model.InputCount, () =>
            {
                json.WriteString("name", "sequential");
                json.WriteStartArray("layers");
                foreach (var layer in _layers)
                {
                    WriteObject(json, "keras.layers", layer.ClassName, layer.ClassName == "InputLayer" ? null : layer.Inputs, () =>
                    {
                        json.WriteString("name", layer.Name);
                        layer.Options(json);
                    });
                }

                json.WriteEndArray();
                if (!_isOld)
                {
                    WriteShape(json, "build_input_shape", _model.InputCount);
                }
            });
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Keras 3 writes where a class is found and the shape it was built for; in a whole-model .h5 file neither Keras looks for them.
    private void WriteObject(Utf8JsonWriter json, string module, string className, int? inputs, Action writeConfig)
    {
        json.WriteStartObject();
        if (!_isOld)
        {
            json.WriteString("module", module);
        }

        json.WriteString("class_name", className);
        json.WriteStartObject("config");
        writeConfig();
        json.WriteEndObject();
        if (!_isOld)
        {
            json.WriteNull("registered_name");
            if (inputs is { } count)
            {
                json.WriteStartObject("build_config");
                WriteShape(json, "input_shape", count);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <param name="ClassName">Keras's class.</param>
    /// <param name="Name">The layer's name.</param>
    /// <param name="PathName">What its group in a .keras file is called.</param>
    /// <param name="Inputs">Values that it takes.</param>
    /// <param name="Options">Writes its options.</param>
    /// <param name="Weights">Its weights, in Keras's order.</param>
    private sealed record Layer(string ClassName, string Name, string PathName, int Inputs, Action<Utf8JsonWriter> Options, IReadOnlyList<(string Name, long[] Sizes, ReadOnlyMemory<float> Values)> Weights);
}

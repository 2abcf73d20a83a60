using System.Text.Json;
using DigitML.Keras.Hdf5;

namespace DigitML.Keras.Tests;

/// <summary>The files that make_models.py made, what they must answer, and files made here of a configuration and weights.</summary>
internal static class ModelFiles
{
    private static readonly JsonElement _expected = JsonDocument.Parse(File.ReadAllBytes(PathOf("expected.json"))).RootElement;

    /// <summary>Three pictures of 20 pixels.</summary>
    public static byte[][] Pictures { get; } = [.. _expected.GetProperty("pictures").EnumerateArray().Select(row => row.EnumerateArray().Select(pixel => (byte)pixel.GetInt32()).ToArray())];

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "models", file);

    /// <summary>The probabilities of each picture.</summary>
    public static double[][] Probabilities(string file) => [.. _expected.GetProperty("probabilities").GetProperty(file).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    /// <summary>A whole-model .h5 file.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="weights">Layer, weight, shape and values.</param>
    public static byte[] WholeModel(string config, params (string Layer, string Name, long[] Sizes, float[] Values)[] weights)
    {
        var root = new Hdf5Group();
        root.Texts["model_config"] = config;
        var all = root.Make("model_weights");
        foreach (var layer in weights.GroupBy(weight => weight.Layer))
        {
            var group = all.Make(layer.Key);
            group.Lists["weight_names"] = [.. layer.Select(weight => $"{layer.Key}/{weight.Name}:0")];
            foreach (var weight in layer)
            {
                group.Make(layer.Key).Datasets.Add(weight.Name + ":0", (weight.Sizes, weight.Values));
            }
        }

        return Join(Hdf5Writer.Write(root));
    }

    /// <summary>A whole-model .h5 file of four pixels, two units and two classes, with other layers among the dense ones.</summary>
    /// <param name="first">JSON of layers before the first dense layer, each followed by a comma.</param>
    /// <param name="between">The same between the two dense layers.</param>
    /// <param name="last">Options of the last dense layer.</param>
    /// <param name="units">Units of the last dense layer.</param>
    public static byte[] Small(string first = "", string between = """{"class_name":"ReLU","config":{"name":"r"}},""", string last = """ "activation":"softmax" """, int units = 2) => WholeModel(
        $$$"""
        {"class_name":"Sequential","config":{"name":"s","layers":[
          {"class_name":"InputLayer","config":{"batch_input_shape":[null,4],"name":"i"}},{{{first}}}
          {"class_name":"Dense","config":{"name":"one","units":2,"activation":"linear"}},{{{between}}}
          {"class_name":"Dense","config":{"name":"two","units":{{{units}}},{{{last}}} }}]}}
        """,
        ("one", "kernel", [4, 2], [1, -2, 3, -4, 5, 6, -7, 8]), ("one", "bias", [2], [0.5f, -0.25f]),
        ("two", "kernel", [2, units], [.. Enumerable.Range(1, 2 * units).Select(i => 0.25f * i)]), ("two", "bias", [units], new float[units]),
        ("n", "gamma", [4], [1, 2, 3, 4]), ("n", "beta", [4], [1, 1, 1, 1]), ("n", "moving_mean", [4], [9, 9, 9, 9]), ("n", "moving_variance", [4], [1, 1, 1, 1]));

    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> blocks) => [.. blocks.SelectMany(block => block.ToArray())];
}

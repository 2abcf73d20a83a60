using System.Text.Json;
using System.Text.RegularExpressions;

namespace DigitML.Keras.Layers;

/// <summary>Where a layer's weights are found, in both kinds of files.</summary>
/// <param name="TopName">The name of the layer of the outermost model that this layer is or is in.</param>
/// <param name="Name">The layer's own name.</param>
/// <param name="Classes">From the outermost model inwards: the class as files name it, and its number among those of that class, from 0.</param>
internal sealed record WeightPlace(string TopName, string Name, IReadOnlyList<(string Class, int Number)> Classes);

/// <summary>A model's configuration: its layers as a chain, models inside it unfolded.</summary>
internal sealed partial class KerasConfig
{
    private const int MaximumLayers = 10_000;
    private const int DeepestModel = 16;

    private readonly List<KerasLayer> _layers = [];

    private KerasConfig(string json)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json);
            root = document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new KerasFormatException("expected the model's configuration to be JSON but it is not; save the model again", error);
        }

        Unfold(root, topName: null, [], depth: 0);
    }

    /// <summary>The layers from the input on.</summary>
    public IReadOnlyList<KerasLayer> Layers => _layers;

    /// <summary>The shape of one picture, the batch's size not in it; null when the configuration does not say.</summary>
    public long[]? InputShape { get; private set; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json"><c>model_config</c> of a whole-model .h5, or <c>config.json</c> of a .keras file.</param>
    /// <exception cref="KerasFormatException">It is no model, or one whose layers are no chain.</exception>
    public static KerasConfig Parse(string json) => new(json);

    /// <summary>A class as .keras files name its layers: <c>BatchNormalization</c> is <c>batch_normalization</c>.</summary>
    public static string SnakeCase(string className) =>
        LowerThenUpper().Replace(WordStart().Replace(NotWord().Replace(className, ""), "$1_$2"), "$1_$2").ToLowerInvariant();

    private void Unfold(JsonElement model, string? topName, IReadOnlyList<(string Class, int Number)> above, int depth)
    {
        KerasFormatException.Require(depth <= DeepestModel, "its models are nested too deeply");
        var className = model.Text("class_name");
        var layers = className switch
        {
            "Sequential" => SequentialLayers(model),
            "Functional" or "Model" => FunctionalLayers(model),
            null => throw new KerasFormatException("its configuration describes no Keras model"),
            _ => throw new KerasFormatException($"expected a Sequential or Functional model but it is a {KerasFormatException.Quote(className)}; DigitML reads models whose layers are listed in the file"),
        };

        foreach (var (element, number) in layers)
        {
            var layerClass = element.Text("class_name") ?? throw new KerasFormatException("its configuration has a layer without class_name");
            if (element.Option("config") is not { } config)
            {
                throw new KerasFormatException($"its configuration has a {KerasFormatException.Quote(layerClass)} without options");
            }

            var name = (config.ValueKind == JsonValueKind.Object ? config.Text("name") : null) ?? element.Text("name") ?? SnakeCase(layerClass);
            IReadOnlyList<(string Class, int Number)> classes = [.. above, (SnakeCase(layerClass), number)];
            if (layerClass is "Sequential" or "Functional" or "Model")
            {
                Unfold(element, topName ?? name, classes, depth + 1);
                continue;
            }

            KerasFormatException.Require(config.ValueKind == JsonValueKind.Object, $"its configuration has a {KerasFormatException.Quote(layerClass)} without options");
            var registered = element.Text("registered_name");
            KerasFormatException.Require(registered?.Contains('>', StringComparison.Ordinal) != true, $"layer {KerasFormatException.Quote(name)} is a class of its own, {KerasFormatException.Quote(registered ?? "")}; DigitML runs Keras's own layers");
            KerasFormatException.Require(_layers.Count < MaximumLayers, Invariant($"it has more than {MaximumLayers} layers"));
            if (InputShape is null && _layers.TrueForAll(layer => layer.ClassName == "InputLayer"))
            {
                InputShape = Shape(config.Option("batch_shape") ?? config.Option("batch_input_shape"));
            }

            _layers.Add(new KerasLayer(layerClass, name, config, new WeightPlace(topName ?? name, name, classes)));
        }

        if (depth == 0)
        {
            InputShape ??= Shape((model.Option("config") is { } own ? own.Option("build_input_shape") : null) ?? (model.Option("build_config") is { } built ? built.Option("input_shape") : null));
        }
    }

    // Keras 2.2 and older listed the layers where the options are now.
    private static List<(JsonElement Element, int Number)> SequentialLayers(JsonElement model)
    {
        var config = model.Option("config");
        var list = config is { ValueKind: JsonValueKind.Array } ? config : config?.Option("layers");
        return Numbered(list);
    }

    private static List<(JsonElement Element, int Number)> FunctionalLayers(JsonElement model)
    {
        var config = model.Option("config");
        var layers = Numbered(config?.Option("layers"));
        var byName = new Dictionary<string, (JsonElement Element, int Number)>();
        foreach (var layer in layers)
        {
            var name = layer.Element.Text("name") ?? (layer.Element.Option("config") is { } options ? options.Text("name") : null) ?? "";
            KerasFormatException.Require(byName.TryAdd(name, layer), $"two of its layers are called {KerasFormatException.Quote(name)}");
        }

        var outputs = References(config?.Option("output_layers"));
        KerasFormatException.Require(outputs.Count == 1, Invariant($"expected a model of one output but it has {outputs.Count}"));
        var chain = new List<(JsonElement Element, int Number)>();
        for (var name = outputs[0]; ;)
        {
            if (!byName.TryGetValue(name, out var layer) || chain.Count >= layers.Count)
            {
                throw new KerasFormatException($"its layers are no chain: nothing leads to {KerasFormatException.Quote(name)}");
            }

            chain.Add(layer);
            if (layer.Element.Text("class_name") == "InputLayer")
            {
                chain.Reverse();
                return chain;
            }

            var calls = layer.Element.Option("inbound_nodes") is { ValueKind: JsonValueKind.Array } nodes ? nodes.GetArrayLength() : 0;
            var sources = References(layer.Element.Option("inbound_nodes"));
            KerasFormatException.Require(calls == 1 && sources.Count == 1, Invariant($"its layers are no chain: layer {KerasFormatException.Quote(name)} is used {calls} times and given {sources.Count} values"));
            name = sources[0];
        }
    }

    private static List<(JsonElement Element, int Number)> Numbered(JsonElement? list)
    {
        if (list is not { ValueKind: JsonValueKind.Array } layers)
        {
            throw new KerasFormatException("its configuration lists no layers");
        }

        KerasFormatException.Require(layers.GetArrayLength() <= MaximumLayers, Invariant($"it has more than {MaximumLayers} layers"));
        var counts = new Dictionary<string, int>();
        var numbered = new List<(JsonElement, int)>();
        foreach (var layer in layers.EnumerateArray())
        {
            var key = SnakeCase(layer.Text("class_name") ?? "");
            counts.TryGetValue(key, out var count);
            counts[key] = count + 1;
            numbered.Add((layer, count));
        }

        return numbered;
    }

    /// <summary>
    /// The layers whose values are taken: <c>[name, node, tensor, …]</c> in Keras 2, and in Keras 3 a tensor's <c>keras_history</c> of that
    /// form, wherever they stand.
    /// </summary>
    private static List<string> References(JsonElement? value)
    {
        var found = new List<string>();
        if (value is { } element)
        {
            Add(element);
        }

        return found;

        void Add(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                if (element.GetArrayLength() >= 3 && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.Number)
                {
                    found.Add(element[0].Text());
                    return;
                }

                foreach (var item in element.EnumerateArray())
                {
                    Add(item);
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                    {
                        Add(property.Value);
                    }
                }
            }
        }
    }

    private static long[]? Shape(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is < 2 or > 8)
        {
            return null;
        }

        var sizes = list.EnumerateArray().Skip(1).Select(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var number) && number is > 0 and <= int.MaxValue ? number : 0).ToArray();
        return sizes.Contains(0) ? null : sizes;
    }

    [GeneratedRegex(@"\W+")]
    private static partial Regex NotWord();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerThenUpper();
}

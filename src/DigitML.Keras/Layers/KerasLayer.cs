using System.Text.Json;

namespace DigitML.Keras.Layers;

/// <summary>A layer as a model's configuration describes it.</summary>
/// <param name="ClassName">Keras's class: <c>Dense</c>.</param>
/// <param name="Name">The layer's own name: <c>dense_1</c>.</param>
/// <param name="Config">Its options.</param>
/// <param name="Place">Where its weights are found.</param>
internal sealed record KerasLayer(string ClassName, string Name, JsonElement Config, WeightPlace Place)
{
    /// <summary>The layer as errors name it.</summary>
    public string Title => $"layer {KerasFormatException.Quote(Name)} ({KerasFormatException.Quote(ClassName)[1..^1]})";

    /// <summary>A switch.</summary>
    public bool Flag(string option, bool missing) => Config.Option(option) switch
    {
        null => missing,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Unusable(option),
    };

    /// <summary>One number.</summary>
    public double Number(string option, double missing) => Config.Option(option) is { } value
        ? Single(value) ?? throw Unusable(option)
        : missing;

    /// <summary>One number or several; lists in lists are taken as one.</summary>
    /// <returns>Null when the option is not there.</returns>
    public double[]? Numbers(string option)
    {
        if (Config.Option(option) is not { } value)
        {
            return null;
        }

        var numbers = new List<double>();
        Add(value);
        return numbers.Count > 0 ? [.. numbers] : throw Unusable(option);

        void Add(JsonElement element)
        {
            var inner = Unwrapped(element);
            if (inner.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in inner.EnumerateArray())
                {
                    Add(item);
                }
            }
            else
            {
                numbers.Add(Single(inner) ?? throw Unusable(option));
            }
        }
    }

    /// <summary>The axes of one picture's shape that an option names.</summary>
    /// <param name="rank">Axes of the shape, the batch's not among them.</param>
    /// <returns>From 0 on; empty when the option is null, which stands for none.</returns>
    /// <param name="missing">What it is when the option is not there.</param>
    public int[] Axes(int rank, int missing = -1)
    {
        if (Config.TryGetProperty("axis", out var axis) && axis.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return [.. (Numbers("axis") ?? [missing]).Select(number => number switch
        {
            < 0 when number >= -rank && number == Math.Floor(number) => (int)number + rank,
            >= 1 when number <= rank && number == Math.Floor(number) => (int)number - 1,
            _ => throw Unusable("axis"),
        }).Distinct().Order()];
    }

    private static JsonElement Unwrapped(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.Text("class_name") == "__numpy__" && value.Option("config") is { ValueKind: JsonValueKind.Object } config && config.Option("value") is { } inner
            ? inner
            : value;

    private static double? Single(JsonElement value) =>
        Unwrapped(value) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var result) && double.IsFinite(result) ? result : null;

    private KerasFormatException Unusable(string option) => new($"option {KerasFormatException.Quote(option)} of {Title} is not one that is read");
}

/// <summary>Reads JSON that may be anything.</summary>
internal static class JsonReading
{
    /// <summary>A property that is there and not null.</summary>
    public static JsonElement? Option(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A property that is text.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Option(name) is { ValueKind: JsonValueKind.String } value ? value.Text() : null;

    /// <summary>The text that an element is.</summary>
    public static string Text(this JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException error)
        {
            // Half a surrogate pair is JSON, yet no text.
            throw new KerasFormatException("its configuration holds text that is not Unicode; save the model again", error);
        }
    }
}

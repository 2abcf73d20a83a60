namespace DigitML.Training;

/// <summary>Options that go well together, by name.</summary>
public static class Recipes
{
    /// <summary>The thesis's network and procedure: 784-128-32-10, batches of 32, Adam at 0.001, 25 epochs, a fifth held out to validate on.</summary>
    public static MlpOptions Thesis { get; } = new();

    /// <summary>
    /// More accurate, still quickly trained: a wider network that sees every image turned, bent and moved a little, each time
    /// differently, its rate falling as a cosine.
    /// </summary>
    public static MlpOptions Fast { get; } = new()
    {
        HiddenLayers = [512, 256],
        Epochs = 15,
        BatchSize = 128,
        LearningRate = 2e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        Dropout = 0.1f,
        WeightDecay = 0.01f,
        ValidationFraction = 0.1,
        Augmentation = new() { RotationDegrees = 10, Slant = 0.15f, Scale = 0.1f, Shift = 1, Elastic = 1.3f, StrokeWidth = 0.4f },
    };

    /// <summary>The names that <see cref="ByName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["thesis", "fast"];

    /// <summary>The recipe of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>; upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">No recipe has that name.</exception>
    public static MlpOptions ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant() switch
        {
            "thesis" => Thesis,
            "fast" => Fast,
            _ => throw new ArgumentException($"Recipe must be one of {string.Join(", ", Names)}; got '{name}'."),
        };
    }
}

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

    /// <summary>
    /// For pictures that people take and draw: a wide network that sees, beside MNIST's digits, as many as four times written
    /// anew with other pens on other papers and brought to 28×28 by the reader's own steps, and ink that is no digit.
    /// </summary>
    public static MlpOptions Reader { get; } = new()
    {
        HiddenLayers = [1024, 512],
        Epochs = 30,
        BatchSize = 256,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        Dropout = 0.1f,
        WeightDecay = 0.01f,
        ValidationFraction = 0.1,
        MadeImages = 300_000,
        Augmentation = new()
        {
            RotationDegrees = 8,
            Slant = 0.15f,
            Scale = 0.1f,
            Shift = 1.2f,
            Elastic = 1f,
            StrokeWidth = 0.5f,
            Blur = 0.5f,
            Fading = 0.2f,
            Noise = 10,
            Remains = 0.02f,
        },
    };

    /// <summary>The names that <see cref="ByName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["thesis", "fast", "reader"];

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
            "reader" => Reader,
            _ => throw new ArgumentException($"Recipe must be one of {string.Join(", ", Names)}; got '{name}'."),
        };
    }
}

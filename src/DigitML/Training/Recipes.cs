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
    /// Without changing images: wide layers under batch normalisation (Ioffe and Szegedy 2015) with noise on what it gives (Rasmus et al. 2015), dropout
    /// of inputs (Srivastava et al. 2014), smoothed labels.
    /// </summary>
    public static MlpOptions Plain { get; } = new()
    {
        HiddenLayers = [1024, 1024, 1024],
        Epochs = 100,
        BatchSize = 128,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        InputDropout = 0.2f,
        BatchNormalization = true,
        HiddenNoise = 0.3f,
        WeightDecay = 0.02f,
        LabelSmoothing = 0.1f,
        AverageDecay = 0.999f,
        ValidationFraction = 0.05,
    };

    /// <summary>
    /// As accurate as one network gets, within hours: the shape of Cireşan et al. 2010 but for their widest layer, under Simard's fields and affine
    /// changes, each image seen three hundred times and never twice the same.
    /// </summary>
    public static MlpOptions Record { get; } = new()
    {
        HiddenLayers = [2000, 1500, 1000, 500],
        Epochs = 300,
        BatchSize = 256,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 2,
        Dropout = 0.05f,
        WeightDecay = 0.02f,
        LabelSmoothing = 0.05f,
        AverageDecay = 0.999f,
        ValidationFraction = 0.02,
        Augmentation = new() { RotationDegrees = 12, Slant = 0.2f, Scale = 0.15f, Shift = 1, ElasticAlpha = 36, ElasticSigma = 5.5f, StrokeWidth = 0.3f },
    };

    /// <summary>Each network of a committee (Meier et al. 2011): the record's procedure with narrower layers and fewer epochs, so that five take a third of its time.</summary>
    public static MlpOptions Committee { get; } = Record with { HiddenLayers = [1024, 512], Epochs = 80, Dropout = 0.1f };

    /// <summary>The names that <see cref="ByName"/> knows; a committee is several networks.</summary>
    public static IReadOnlyList<string> Names { get; } = ["thesis", "fast", "plain", "record"];

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
            "plain" => Plain,
            "record" => Record,
            _ => throw new ArgumentException($"Recipe must be one of {string.Join(", ", Names)}; got '{name}'."),
        };
    }
}

using System.Globalization;
using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>Which rule turns gradients into steps.</summary>
public enum Optimizer
{
    /// <summary>Adam with bias correction (Kingma and Ba 2015, algorithm 1); with weight decay, AdamW (Loshchilov and Hutter 2019).</summary>
    Adam,

    /// <summary>Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013, in Keras's form).</summary>
    Sgd,
}

/// <summary>What follows each hidden layer; the last is followed by softmax.</summary>
public enum HiddenActivation
{
    /// <summary>max(0, x). Trains fastest: it is done while the layer's sums are stored, and most units are 0.</summary>
    Relu,

    /// <summary>x above 0, else 0.01 x.</summary>
    LeakyRelu,

    /// <summary>x above 0, else exp(x) − 1.</summary>
    Elu,

    /// <summary>x · Φ(x), Φ the normal distribution's.</summary>
    Gelu,

    /// <summary>x · sigmoid(x), also called Swish.</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>1 / (1 + exp(−x)).</summary>
    Sigmoid,
}

/// <summary>How the learning rate moves from epoch to epoch.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>Multiplied by <see cref="MlpOptions.StepFactor"/> every <see cref="MlpOptions.StepEpochs"/> epochs.</summary>
    Step,

    /// <summary>Half a cosine from the full rate to nearly zero (Loshchilov and Hutter 2017, without restarts), moved at every batch.</summary>
    Cosine,
}

/// <summary>What is done to pixel values before the first layer; it travels inside the model.</summary>
public enum PixelScaling
{
    /// <summary>pixel / 255: values in [0, 1].</summary>
    UnitRange,

    /// <summary>(pixel / 255 − mean) / deviation, both of the training images over all pixels.</summary>
    Standardize,
}

/// <summary>Everything that decides a training run. Checked when the trainer is made.</summary>
public sealed partial record MlpOptions
{
    /// <summary>Units of each hidden layer, from the input on; empty for softmax regression.</summary>
    /// <value>[128, 32], the thesis's network. At most 64 layers of 1 to 65,536 units.</value>
    public IReadOnlyList<int> HiddenLayers { get; init; } = [128, 32];

    /// <summary>What follows each hidden layer.</summary>
    /// <value>Relu. Layers of Tanh and Sigmoid begin with Glorot's weights, others with He's.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public HiddenActivation Activation { get; init; }

    /// <summary>Passes over the training images.</summary>
    /// <value>25. 1 to 1,000,000.</value>
    public int Epochs { get; init; } = 25;

    /// <summary>Images per update; the last batch of an epoch holds what is left.</summary>
    /// <value>32. 1 to 65,536.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>The update rule.</summary>
    /// <value>Adam.</value>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam;

    /// <summary>The optimizer's step size per update, before the schedule.</summary>
    /// <value>0.001. Finite and greater than 0.</value>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Adam's decay of the first moment.</summary>
    /// <value>0.9. At least 0 and below 1.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Adam's decay of the second moment.</summary>
    /// <value>0.999. At least 0 and below 1.</value>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Adam's guard in the denominator.</summary>
    /// <value>1e-7, as Keras. Finite and greater than 0.</value>
    public float Epsilon { get; init; } = 1e-7f;

    /// <summary>SGD's Nesterov momentum.</summary>
    /// <value>0.9. At least 0 and below 1.</value>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Share of weights' size taken off per unit of learning rate, decoupled from the gradient; biases are spared.</summary>
    /// <value>0. Finite and at least 0.</value>
    public float WeightDecay { get; init; }

    /// <summary>Share of hidden units silenced at each training step; the rest are scaled up to keep the mean (inverted dropout).</summary>
    /// <value>0. At least 0 and below 1.</value>
    public float Dropout { get; init; }

    /// <summary>Share of inputs silenced at each training step, the rest scaled up (Srivastava et al. 2014, who take 0.2 for pixels).</summary>
    /// <value>0. At least 0 and below 1.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float InputDropout { get; init; }

    /// <summary>Greatest length of the weights into a hidden unit, to which they are cut back after each update (Srivastava et al. 2014, 3 to 4 with dropout).</summary>
    /// <value>0: no limit. Finite and at least 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float MaxNorm { get; init; }

    /// <summary>
    /// Whether each hidden layer's sums are normalised over the batch, scaled and shifted (Ioffe and Szegedy 2015); the model has that in its weights
    /// and biases.
    /// </summary>
    /// <value>false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool BatchNormalization { get; init; }

    /// <summary>
    /// Deviation of the noise that is added to each hidden layer's normalised sums at each training step, nearly normal (Rasmus et al. 2015, 0.3); it
    /// needs <see cref="BatchNormalization"/>, which gives the sums a deviation of 1.
    /// </summary>
    /// <value>0. Finite and at least 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float HiddenNoise { get; init; }

    /// <summary>Share of the target spread over all classes alike (Szegedy et al. 2016, section 7); the training loss is that of such targets.</summary>
    /// <value>0. At least 0 and below 1.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// Decay, at each update, of a moving average of all weights, which is what validates and what the model has (Polyak and Juditsky 1992); at
    /// update t it is (1 + t) / (10 + t) at most, so that the average forgets the beginning.
    /// </summary>
    /// <value>0: the model has the latest weights. At least 0 and below 1.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float AverageDecay { get; init; }

    /// <summary>How the learning rate moves.</summary>
    /// <value>Constant.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Epochs over which the rate climbs linearly from zero before the schedule starts.</summary>
    /// <value>0. At least 0 and below <see cref="Epochs"/>.</value>
    public int WarmupEpochs { get; init; }

    /// <summary>Epochs between two steps of <see cref="LearningRateSchedule.Step"/>.</summary>
    /// <value>10. At least 1.</value>
    public int StepEpochs { get; init; } = 10;

    /// <summary>Factor of each step of <see cref="LearningRateSchedule.Step"/>.</summary>
    /// <value>0.5. Greater than 0 and at most 1.</value>
    public float StepFactor { get; init; } = 0.5f;

    /// <summary>Share of each class held out from training to validate on after every epoch; 0 trains on everything.</summary>
    /// <value>0.2. At least 0 and below 1.</value>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Epochs without a lower validation loss after which training stops and the best weights are restored; 0 never stops early.</summary>
    /// <value>0. At least 0; greater than 0 needs a validation set.</value>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>What is done to pixel values before the first layer.</summary>
    /// <value>UnitRange.</value>
    public PixelScaling PixelScaling { get; init; } = PixelScaling.UnitRange;

    /// <summary>What is done to the features of a table before the first layer; images have <see cref="PixelScaling"/>.</summary>
    /// <value>Auto.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FeatureScaling FeatureScaling { get; init; }

    /// <summary>How training images are changed, each epoch anew; validation images are left as they are.</summary>
    /// <value>null: not at all.</value>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>How much is learnt from the answers of <see cref="MlpTrainer.Teacher"/>.</summary>
    /// <value>null: there is no teacher.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DistillationOptions? Distillation { get; init; }

    /// <summary>Where all chance comes from: split, initial weights, shuffles, dropout. The same seed gives the same bytes.</summary>
    /// <value>1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that train; the result does not depend on it. 0 takes one per processor.</summary>
    /// <value>0. 0 to 1,024.</value>
    public int Threads { get; init; }

    /// <summary>
    /// These options with as many epochs as a table of few rows needs: so many updates at least, with weights held small and the best on what is
    /// held out kept, since so many epochs learn a small table by heart. Unchanged where the epochs suffice.
    /// </summary>
    /// <param name="rows">Rows to learn from, those that validate included unless they are a set of their own.</param>
    /// <param name="leastUpdates">Updates at least; 0 changes nothing.</param>
    /// <param name="hasValidation">Whether the rows that validate are a set of their own.</param>
    public MlpOptions ForTable(int rows, int leastUpdates = 2500, bool hasValidation = false)
    {
        // By cross-validation on the made-up table of samples/MLNet.Tabular 0, 0.1, 0.3, 0.5 and 1 gave 88.1, 88.8, 89.6, 89.8 and 90.5 %
        // right; pictures of 8×8 pixels like less of it.
        const float SmallTableWeightDecay = 0.3f;
        var training = Math.Max(1, rows * (hasValidation ? 1 : 1 - ValidationFraction));
        var updates = Math.Ceiling(training / Math.Min(BatchSize, training));
        var epochs = (int)Math.Max(Epochs, Math.Ceiling(leastUpdates / updates));
        if (epochs == Epochs)
        {
            return this;
        }

        var validates = hasValidation || ValidationFraction > 0;
        return this with
        {
            Epochs = epochs,
            WeightDecay = WeightDecay > 0 ? WeightDecay : SmallTableWeightDecay,
            EarlyStoppingPatience = EarlyStoppingPatience > 0 || !validates ? EarlyStoppingPatience : Math.Max(10, epochs / 5),

            // Patience is for what validates, and the options are asked for it before they know of a set of its own.
            ValidationFraction = hasValidation ? Math.Max(ValidationFraction, 0.1) : ValidationFraction,
        };
    }

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        if (HiddenLayers is null || HiddenLayers.Count > 64)
        {
            throw new ArgumentException($"{nameof(HiddenLayers)} must hold at most 64 layers; got {HiddenLayers?.Count.ToString(CultureInfo.InvariantCulture) ?? "null"}.");
        }

        foreach (var units in HiddenLayers)
        {
            Require(units is >= 1 and <= 65_536, nameof(HiddenLayers), "hold 1 to 65536 units a layer", units);
        }

        Require(Enum.IsDefined(Activation), nameof(Activation), "be Relu, LeakyRelu, Elu, Gelu, Silu, Tanh or Sigmoid", Activation);
        Require(Epochs is >= 1 and <= 1_000_000, nameof(Epochs), "be 1 to 1000000", Epochs);
        Require(BatchSize is >= 1 and <= 65_536, nameof(BatchSize), "be 1 to 65536", BatchSize);
        Require(Enum.IsDefined(Optimizer), nameof(Optimizer), "be Adam or Sgd", Optimizer);
        Require(float.IsFinite(LearningRate) && LearningRate > 0, nameof(LearningRate), "be finite and greater than 0", LearningRate);
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), "be at least 0 and below 1", Beta1);
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), "be at least 0 and below 1", Beta2);
        Require(float.IsFinite(Epsilon) && Epsilon > 0, nameof(Epsilon), "be finite and greater than 0", Epsilon);
        Require(Momentum is >= 0 and < 1, nameof(Momentum), "be at least 0 and below 1", Momentum);
        Require(float.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), "be finite and at least 0", WeightDecay);
        Require(Dropout is >= 0 and < 1, nameof(Dropout), "be at least 0 and below 1", Dropout);
        Require(InputDropout is >= 0 and < 1, nameof(InputDropout), "be at least 0 and below 1", InputDropout);
        Require(float.IsFinite(MaxNorm) && MaxNorm >= 0, nameof(MaxNorm), "be finite and at least 0", MaxNorm);
        Require(float.IsFinite(HiddenNoise) && HiddenNoise >= 0, nameof(HiddenNoise), "be finite and at least 0", HiddenNoise);
        if (HiddenNoise > 0 && !BatchNormalization)
        {
            throw new ArgumentException($"{nameof(HiddenNoise)} needs normalised sums; turn {nameof(BatchNormalization)} on.");
        }

        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), "be at least 0 and below 1", LabelSmoothing);
        Require(AverageDecay is >= 0 and < 1, nameof(AverageDecay), "be at least 0 and below 1", AverageDecay);
        Require(Enum.IsDefined(Schedule), nameof(Schedule), "be Constant, Step or Cosine", Schedule);
        Require(WarmupEpochs >= 0 && (WarmupEpochs < Epochs), nameof(WarmupEpochs), Invariant($"be at least 0 and below {nameof(Epochs)} ({Epochs})"), WarmupEpochs);
        Require(StepEpochs >= 1, nameof(StepEpochs), "be at least 1", StepEpochs);
        Require(StepFactor is > 0 and <= 1, nameof(StepFactor), "be greater than 0 and at most 1", StepFactor);
        Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), "be at least 0 and below 1", ValidationFraction);
        Require(EarlyStoppingPatience >= 0, nameof(EarlyStoppingPatience), "be at least 0", EarlyStoppingPatience);
        if (EarlyStoppingPatience > 0 && ValidationFraction == 0)
        {
            throw new ArgumentException($"{nameof(EarlyStoppingPatience)} needs validation images; set {nameof(ValidationFraction)} above 0.");
        }

        Require(Enum.IsDefined(PixelScaling), nameof(PixelScaling), "be UnitRange or Standardize", PixelScaling);
        Require(Enum.IsDefined(FeatureScaling), nameof(FeatureScaling), "be Auto, None, SharedRange or Standardize", FeatureScaling);
        Augmentation?.Validate();
        Distillation?.Validate();
        Require(Threads is >= 0 and <= 1024, nameof(Threads), "be 0 to 1024", Threads);
    }

    private static void Require<T>(bool condition, string option, string range, T found)
    {
        if (!condition)
        {
            throw new ArgumentException(FormattableString.Invariant($"{option} must {range}; got {found}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(MlpOptions), PrintMembers);
}

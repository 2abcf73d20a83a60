using System.Diagnostics;
using System.Globalization;
using DigitML.Data;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Reading;

/// <summary>
/// Trains a network for <see cref="DigitReader"/>: on digits, on the same digits written anew by other pens on other papers and taken through
/// the reader's own steps, and on ink that is no digit; then tells the model how sure it may be and from when to refuse.
/// </summary>
public sealed class ReaderTrainer
{
    /// <summary>Share of made images that show no digit.</summary>
    private const double OutlierShare = 0.35;

    private const int Classes = 10;

    private const int MostMadeImages = 2_000_000;

    /// <summary>Creates a trainer.</summary>
    /// <param name="options">What decides the run; null for <see cref="Recipe"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ReaderTrainer(MlpOptions? options = null)
    {
        Options = options ?? Recipe;
        Options.Validate();
    }

    /// <summary>The recipe of the model that ships: a wide network under batch normalisation (Ioffe and Szegedy 2015), its images turned, bent, broadened, blurred and faded a little, each time differently.</summary>
    public static MlpOptions Recipe { get; } = new()
    {
        HiddenLayers = [1536, 768],
        Epochs = 28,
        BatchSize = 256,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Cosine,
        WarmupEpochs = 1,
        Dropout = 0.1f,
        BatchNormalization = true,
        WeightDecay = 0.01f,
        ValidationFraction = 0.1,
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

    /// <summary>What decides the run.</summary>
    public MlpOptions Options { get; }

    /// <summary>Images made from those that train, once, before the first epoch; about a third of them show no digit.</summary>
    /// <value>600,000. 1 to 2,000,000.</value>
    /// <exception cref="ArgumentException">Out of its range.</exception>
    public int MadeImages
    {
        get;
        init => field = value is >= 1 and <= MostMadeImages
            ? value
            : throw new ArgumentException(FormattableString.Invariant($"{nameof(MadeImages)} must be 1 to {MostMadeImages}; got {value}."));
    } = 600_000;

    /// <inheritdoc cref="MlpTrainer.MeasurePhases"/>
    public bool MeasurePhases { get; init; }

    /// <inheritdoc cref="MlpTrainer.Checkpoints"/>
    /// <remarks>Images are made anew each time: the same seed makes the same ones.</remarks>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <inheritdoc cref="MlpTrainer.Teacher"/>
    public Mlp? Teacher { get; init; }

    /// <summary>Makes images, trains, calibrates.</summary>
    /// <param name="images">Labelled digits of 28×28; the validation split is taken from them.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="ArgumentException">The images are not 28×28 in ten classes, have no labels, or are too few to split.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while images were made, before anything was trained.</exception>
    public TrainingResult Fit(LabelledImages images, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.HasLabels && (images.Width != MnistFrame.Side || images.Height != MnistFrame.Side || images.ClassCount != Classes))
        {
            throw new ArgumentException(Invariant($"{nameof(ReaderTrainer)} needs digits of 28×28 in ten classes; {images.Name} has {images.Width}×{images.Height} in {images.ClassCount}."), nameof(images));
        }

        var clock = Stopwatch.StartNew();
        var split = TrainingData.Split(images, Options.ValidationFraction, Options.Seed);
        var trainer = new MlpTrainer(Options) { MeasurePhases = MeasurePhases, Checkpoints = Checkpoints, Teacher = Teacher };
        trainer.CheckTeacher(split);
        var (train, validation) = (split.TrainingImages(), split.ValidationImages());
        var (digits, outliers) = ReaderDigits.Create(MadeImages, OutlierShare, train, Options.Seed, Options.Threads, cancellationToken);
        var result = trainer.Fit(new TrainingData(train.Concat(digits), validation, outliers) { Source = images }, progress, cancellationToken);
        var metadata = new Dictionary<string, string>(result.Model.Metadata) { ["madeImages"] = MadeImages.ToString(CultureInfo.InvariantCulture) };
        var model = new Mlp(result.Model.Normalization, result.Model.Layers, metadata);
        return result with
        {
            Model = validation.Count > 0 ? Calibration.Add(model, validation, Options) : model,
            History = result.History with { TrainSeconds = clock.Elapsed.TotalSeconds },
        };
    }
}

using DigitML.Data;
using DigitML.Training;

namespace DigitML.Benchmarks.Phases;

/// <summary>What a phase has to do in one epoch, and how long that takes at best.</summary>
/// <param name="Operations">Floating-point operations, two for each multiply-add.</param>
/// <param name="Bytes">Bytes that must come or go.</param>
/// <param name="Seconds">The longer of both at the machine's ceilings.</param>
internal sealed record Bound(double Operations, double Bytes, double Seconds);

/// <summary>
/// The least work of each phase of an epoch, counted as README.md says: operations that the algorithm needs (no multiplication
/// with a pixel of 0) and bytes that no cache nearer than the one that holds them can save.
/// </summary>
internal sealed class Roofline
{
    private const double FloatBytes = sizeof(float);
    private readonly Ceilings _ceilings;
    private readonly double _trainingImages;
    private readonly double _validationImages;
    private readonly double _steps;
    private readonly double _pixelsPerImage;
    private readonly double _dataBytes;
    private readonly double _firstOutputs;
    private readonly double _ink;
    private readonly double _firstWeights;
    private readonly double _otherWeights;
    private readonly double _parameters;

    /// <summary>Counts.</summary>
    /// <param name="history">The run.</param>
    /// <param name="images">What it trained on.</param>
    /// <param name="ceilings">At the run's number of threads.</param>
    public Roofline(TrainingHistory history, LabelledImages images, Ceilings ceilings)
    {
        var options = history.Options;
        int[] sizes = [images.PixelsPerImage, .. options.HiddenLayers, images.ClassCount];
        _ceilings = ceilings;
        _trainingImages = history.TrainingImages;
        _validationImages = history.ValidationImages;
        _steps = Math.Ceiling((double)history.TrainingImages / options.BatchSize);
        _pixelsPerImage = images.PixelsPerImage;
        _dataBytes = images.Pixels.Length;
        _ink = (double)(images.Pixels.Length - images.Pixels.Count((byte)0)) / images.Count;
        _firstOutputs = sizes[1];
        _firstWeights = (double)sizes[0] * sizes[1];
        _otherWeights = Enumerable.Range(1, sizes.Length - 2).Sum(i => (double)sizes[i] * sizes[i + 1]);
        _parameters = history.Parameters;
    }

    /// <summary>The least time of one epoch.</summary>
    public double Seconds => Enum.GetValues<TrainingPhase>().Sum(phase => Of(phase)?.Seconds ?? 0);

    /// <summary>A phase's bound; null where there is nothing to count.</summary>
    public Bound? Of(TrainingPhase phase) => phase switch
    {
        // Each picture comes from where all of them are; its ink is listed as place and value.
        TrainingPhase.Gather => new Bound(0, _trainingImages * (_pixelsPerImage + (_ink * 2 * FloatBytes)), _trainingImages * ((_pixelsPerImage / _ceilings.Bytes(_dataBytes)) + (_ink * 2 * FloatBytes / _ceilings.Bytes(0)))),
        TrainingPhase.Forward => Forward(_trainingImages, _steps),
        TrainingPhase.InputGradient => Of(2 * _otherWeights * _trainingImages, _steps * _otherWeights * FloatBytes, _otherWeights * FloatBytes),
        TrainingPhase.WeightUpdate => WeightUpdate(),
        TrainingPhase.Validation => Forward(_validationImages, Math.Ceiling(_validationImages / 64)),
        _ => null,
    };

    /// <summary>The first layer's weights are read once for each pixel of ink, the other layers' once a batch.</summary>
    private Bound Forward(double images, double batches) => Of(
        2 * images * ((_ink * _firstOutputs) + _otherWeights),
        FloatBytes * ((images * _ink * _firstOutputs) + (batches * _otherWeights)),
        FloatBytes * (_firstWeights + _otherWeights));

    /// <summary>Gradients as in the forward pass; then three numbers of each parameter read and written, a square root and a division.</summary>
    private Bound WeightUpdate()
    {
        var gradient = 2 * _trainingImages * ((_ink * _firstOutputs) + _otherWeights);
        var updates = _steps * _parameters;
        var bytes = updates * 6 * FloatBytes;
        var seconds = Math.Max(
            (gradient / _ceilings.Operations) + (updates / _ceilings.Quotients),
            bytes / _ceilings.Bytes(_parameters * 3 * FloatBytes));
        return new Bound(gradient + (updates * 12), bytes, seconds);
    }

    private Bound Of(double operations, double bytes, double workingSet) =>
        new(operations, bytes, Math.Max(operations / _ceilings.Operations, bytes / _ceilings.Bytes(workingSet)));
}

using System.Globalization;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>What the network says of one 28×28 frame, calibrated.</summary>
/// <param name="Frame">[28, 28], 0 to 255.</param>
/// <param name="Probabilities">[10], calibrated by the model's temperature.</param>
/// <param name="Digit">The most probable digit.</param>
/// <param name="RunnerUp">The second.</param>
internal sealed record Classified(byte[] Frame, float[] Probabilities, int Digit, int RunnerUp)
{
    private const double LeastEvidence = -5;

    public float Probability => Probabilities[Digit];

    public float RunnerUpProbability => Probabilities[RunnerUp];

    /// <summary>
    /// The logarithm of what the probability exceeds chance by, at least <see cref="LeastEvidence"/>: a network that has learnt to be sure of
    /// nothing where there is no digit says a tenth there.
    /// </summary>
    public double Evidence => EvidenceOf(Digit);

    /// <summary>The same answer, mixed with one that knows nothing.</summary>
    /// <param name="share">What the answer counts, 0 to 1.</param>
    public Classified Doubted(double share) =>
        this with { Probabilities = Array.ConvertAll(Probabilities, probability => (float)((share * probability) + ((1 - share) / Probabilities.Length))) };

    /// <summary>The evidence for any digit, as <see cref="Evidence"/> for the most probable one.</summary>
    public double EvidenceOf(int digit) => Math.Max(LeastEvidence, Math.Log(Math.Max(0, ((Probabilities[digit] * Probabilities.Length) - 1) / (Probabilities.Length - 1))));

    /// <summary>The same answer with another digit in the place of the most probable one, and that in its; how sure it is stays.</summary>
    public Classified As(int digit)
    {
        if (digit == Digit)
        {
            return this;
        }

        var probabilities = (float[])Probabilities.Clone();
        (probabilities[Digit], probabilities[digit]) = (probabilities[digit], probabilities[Digit]);
        return new Classified(Frame, probabilities, digit, digit == RunnerUp ? Digit : RunnerUp);
    }
}

/// <summary>Asks the network about frames, with the temperature (Guo et al. 2017) that its file names.</summary>
internal sealed class DigitClassifier
{
    private const int Digits = 10;

    private readonly Mlp _model;
    private readonly float _temperature;

    public DigitClassifier(Mlp model)
    {
        if (model.InputCount != MnistFrame.Side * MnistFrame.Side || model.ClassCount != Digits)
        {
            throw new ArgumentException(
                Invariant($"Reading digits needs a model of 784 pixels and 10 classes; got {model.InputCount} and {model.ClassCount}. Train one on 28×28 digits."), nameof(model));
        }

        _model = model;
        _temperature = Number(model, TemperatureScaling.MetadataKey) is { } temperature and > 0 ? temperature : 1f;
        RejectionThreshold = Number(model, TemperatureScaling.RejectionMetadataKey);
    }

    /// <summary>The threshold in the model's file; null without one.</summary>
    public float? RejectionThreshold { get; }

    /// <summary>Asks about one frame.</summary>
    public Classified Classify(byte[] frame)
    {
        var probabilities = new float[Digits];
        _model.Predict(frame, probabilities);
        return Judge(frame, probabilities);
    }

    /// <summary>Asks about several frames at once: the weights are read once for all of them.</summary>
    public Classified[] Classify(IReadOnlyList<byte[]> frames)
    {
        var pixels = new byte[frames.Count * _model.InputCount];
        for (var i = 0; i < frames.Count; i++)
        {
            frames[i].CopyTo(pixels, i * _model.InputCount);
        }

        var probabilities = new float[frames.Count * Digits];
        _model.PredictBatch(pixels, probabilities, threads: 1);
        return [.. frames.Select((frame, i) => Judge(frame, probabilities.AsSpan(i * Digits, Digits).ToArray()))];
    }

    private Classified Judge(byte[] frame, float[] probabilities)
    {
        TemperatureScaling.Apply(probabilities, _temperature);
        int best = 0, second = -1;
        for (var i = 1; i < Digits; i++)
        {
            if (probabilities[i] > probabilities[best])
            {
                (best, second) = (i, best);
            }
            else if (second < 0 || probabilities[i] > probabilities[second])
            {
                second = i;
            }
        }

        return new Classified(frame, probabilities, best, second);
    }

    private static float? Number(Mlp model, string key) =>
        model.Metadata.TryGetValue(key, out var text) && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : null;
}

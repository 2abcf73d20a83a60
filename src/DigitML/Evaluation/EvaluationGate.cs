using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>What a model must reach before it may replace another.</summary>
public sealed record EvaluationGate
{
    /// <summary>Below this p-value, a drop against the baseline is taken for more than chance when no <see cref="MaximumDrop"/> is given.</summary>
    public const double SignificanceLevel = 0.05;

    /// <summary>The least accuracy.</summary>
    /// <value>null: any. 0 to 1.</value>
    public double? MinimumAccuracy { get; init; }

    /// <summary>
    /// The most accuracy that may be lost against the baseline, in shares: 0.002 is 0.2 points. Without it, a drop fails
    /// when McNemar's test finds it to be more than chance, which takes an evaluation of the same images.
    /// </summary>
    /// <value>null. 0 to 1.</value>
    public double? MaximumDrop { get; init; }

    /// <summary>Throws when a limit is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the limit, its range and what was given.</exception>
    public void Validate()
    {
        foreach (var (name, value) in new[] { (nameof(MinimumAccuracy), MinimumAccuracy), (nameof(MaximumDrop), MaximumDrop) })
        {
            // Written so that NaN fails too.
            if (value is { } limit && !(limit >= 0 && limit <= 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"{name} must be a share from 0 to 1; got {limit}."));
            }
        }
    }

    /// <summary>Holds an evaluation against the limits.</summary>
    /// <param name="current">The evaluation.</param>
    /// <param name="baseline">The earlier one; null for none.</param>
    /// <returns>A verdict with its reason for each limit that applies; the gate is met when all are.</returns>
    /// <exception cref="ArgumentException">A limit is out of its range, or <see cref="MaximumDrop"/> comes without a baseline.</exception>
    /// <exception cref="DigitException">The baseline cannot be compared with: it is about other images, and no <see cref="MaximumDrop"/> is given.</exception>
    public IReadOnlyList<GateCheck> Check(EvaluationResult current, EvaluationResult? baseline = null)
    {
        ArgumentNullException.ThrowIfNull(current);
        Validate();
        if (MaximumDrop is not null && baseline is null)
        {
            throw new ArgumentException($"{nameof(MaximumDrop)} needs a baseline to drop from.", nameof(baseline));
        }

        var checks = new List<GateCheck>();
        if (MinimumAccuracy is { } minimum)
        {
            var isMet = current.MicroAccuracy >= minimum;
            checks.Add(new GateCheck(
                "Minimum accuracy",
                isMet,
                FormattableString.Invariant($"The accuracy on {current.Dataset} is {Exact(current.MicroAccuracy)}, {(isMet ? "at least" : "below")} the {Exact(minimum)} asked for.")));
        }

        if (baseline is not null)
        {
            checks.Add(Compare(EvaluationComparison.Between(baseline, current)));
        }

        return checks;
    }

    private GateCheck Compare(EvaluationComparison comparison)
    {
        var change = FormattableString.Invariant(
            $"The accuracy went from {Exact(comparison.Baseline.MicroAccuracy)} to {Exact(comparison.Current.MicroAccuracy)}, {Percent.Points(comparison.AccuracyChange, most: 4)}");
        var evidence = comparison.PValue is { } p
            ? FormattableString.Invariant($" McNemar's test: {comparison.OnlyBaselineCorrect} images are wrong now that were right, {comparison.OnlyCurrentCorrect} the other way round, p {PText(p)}.")
            : "";
        if (MaximumDrop is { } limit)
        {
            // Shares of whole images: a drop of exactly the limit is within it, whatever the last bit says.
            var isWithin = -comparison.AccuracyChange <= limit + 1e-12;
            var images = comparison.SameImages ? "" : " The two are not known to be about the same images.";
            return new GateCheck("Change against the baseline", isWithin, FormattableString.Invariant($"{change}, {(isWithin ? "within" : "more than")} the {100 * limit:0.####} points that may be lost.{evidence}{images}"));
        }

        if (comparison.PValue is not { } chance)
        {
            throw new DigitException(comparison.SameImages
                ? "baseline: expected an evaluation that lists the images it got wrong but it has no misclassifiedIndices. Evaluate it again, or say with a maximum drop how much may be lost."
                : $"baseline: expected an evaluation of the same images ({comparison.Current.Dataset}, hash {comparison.Current.DataHash ?? "unknown"}) but found {comparison.Baseline.Dataset}, hash {comparison.Baseline.DataHash ?? "unknown"}. Evaluate the baseline on them, or say with a maximum drop how much may be lost.");
        }

        var isMet = comparison.AccuracyChange >= 0 || chance >= SignificanceLevel;
        var verdict = comparison.AccuracyChange >= 0 ? "no loss" : isMet ? "which chance explains" : "more than chance explains";
        return new GateCheck("Change against the baseline", isMet, $"{change}, {verdict}.{evidence}");
    }

    private static string Exact(double share) => Percent.Format(share, most: 4);

    private static string PText(double p) => p < 0.0001 ? "below 0.0001" : FormattableString.Invariant($"= {p:0.0000}");

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(EvaluationGate), PrintMembers);
}

/// <summary>One limit of a gate and how it was met.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="IsMet">Whether the limit is kept.</param>
/// <param name="Reason">One sentence or two: what was found, and against what.</param>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record GateCheck(string Name, bool IsMet, string Reason);

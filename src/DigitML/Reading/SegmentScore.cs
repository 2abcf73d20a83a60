using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>
/// What speaks for taking a run of parts as a digit, or a part as no digit: a weighted sum of what was measured of it. A reading's score is the
/// sum over its segments.
/// </summary>
/// <remarks>
/// The weights were learnt as those of a semi-Markov conditional random field (Sarawagi and Cohen 2004): they make the right texts of made
/// strings as probable as they can be among all readings of their lattices. <c>tests/DigitML.Measure</c> learns them
/// (<c>segments MODEL</c>) from MNIST's training digits.
/// </remarks>
internal static class SegmentScore
{
    public const int Digit = 0;
    public const int LogProbability = 1;
    public const int Evidence = 2;
    public const int One = 3;
    public const int NarrowFor = 4;
    public const int BroadFor = 5;
    public const int Low = 6;
    public const int VeryLow = 7;
    public const int Tall = 8;
    public const int Broad = 9;
    public const int VeryBroad = 10;
    public const int Offset = 11;
    public const int Joins = 12;
    public const int JoinGap = 13;
    public const int JoinOverlap = 14;
    public const int PartedOverlap = 15;
    public const int CutMade = 16;
    public const int CutInk = 17;
    public const int CutCrossings = 18;
    public const int CutLoops = 19;
    public const int CutBend = 20;
    public const int Skip = 21;
    public const int SkipHeight = 22;
    public const int SkipWidth = 23;
    public const int SkipMass = 24;
    public const int SkipCutPart = 25;
    public const int SkipBelow = 26;
    public const int SkipEnd = 27;
    public const int Thin = 28;
    public const int Thick = 29;
    public const int Faint = 30;
    public const int CutOfBroad = 31;

    /// <summary>How many features there are.</summary>
    public const int Count = 32;

    private const double LeastLogProbability = -7;

    // A quarter of MNIST's digits 0 to 9 are narrower, and a quarter broader, than so many heights (of the first 4,000 training digits).
    private static readonly double[] s_narrow = [0.8, 0.3, 0.8, 0.7, 0.7, 0.8, 0.6, 0.7, 0.65, 0.6];

    private static readonly double[] s_broad = [1, 0.6, 1.11, 0.95, 0.9, 1.11, 0.8, 0.9, 0.9, 0.8];

    /// <summary>The features' names, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        nameof(Digit), nameof(LogProbability), nameof(Evidence), nameof(One), nameof(NarrowFor), nameof(BroadFor), nameof(Low), nameof(VeryLow),
        nameof(Tall), nameof(Broad), nameof(VeryBroad), nameof(Offset), nameof(Joins), nameof(JoinGap), nameof(JoinOverlap), nameof(PartedOverlap),
        nameof(CutMade), nameof(CutInk), nameof(CutCrossings), nameof(CutLoops), nameof(CutBend), nameof(Skip), nameof(SkipHeight), nameof(SkipWidth),
        nameof(SkipMass), nameof(SkipCutPart), nameof(SkipBelow), nameof(SkipEnd),
        nameof(Thin), nameof(Thick), nameof(Faint), nameof(CutOfBroad),
    ];

    /// <summary>What each feature counts.</summary>
    public static IReadOnlyList<double> Weights { get; } =
    [
        3.458, // Digit
        1.264, // LogProbability
        2.340, // Evidence
        -2.236, // One
        0.206, // NarrowFor
        -3.285, // BroadFor
        -4.755, // Low
        -5.213, // VeryLow
        -7.027, // Tall
        -0.129, // Broad
        1.613, // VeryBroad
        -5.972, // Offset
        -3.152, // Joins
        -0.934, // JoinGap
        1.627, // JoinOverlap
        -1.627, // PartedOverlap
        -2.363, // CutMade
        -3.033, // CutInk
        -0.152, // CutCrossings
        -0.430, // CutLoops
        -0.008, // CutBend
        -2.316, // Skip
        -2.293, // SkipHeight
        -0.583, // SkipWidth
        -0.831, // SkipMass
        3.543, // SkipCutPart
        1.508, // SkipBelow
        1.226, // SkipEnd
        -3.629, // Thin
        -1.788, // Thick
        -3.345, // Faint
        0.758, // CutOfBroad
    ];

    /// <summary>The score of a run as a digit.</summary>
    /// <param name="weights">What each feature counts.</param>
    /// <param name="features">What was measured of the run.</param>
    /// <param name="answer">What the network says of it.</param>
    /// <param name="digit">As which digit, 0 to 9.</param>
    public static double OfDigit(IReadOnlyList<double> weights, ReadOnlySpan<double> features, Classified answer, int digit)
    {
        Span<double> all = stackalloc double[Count];
        features.CopyTo(all);
        AddDigit(all, features, answer, digit);
        return Sum(weights, all);
    }

    /// <summary>The score of a part as no digit.</summary>
    public static double OfSkip(IReadOnlyList<double> weights, ReadOnlySpan<double> features) => Sum(weights, features);

    /// <summary>Completes a run's features with those that depend on the digit.</summary>
    public static void AddDigit(Span<double> target, ReadOnlySpan<double> features, Classified answer, int digit)
    {
        target[LogProbability] = Math.Max(LeastLogProbability, Math.Log(answer.Probabilities[digit]));
        target[Evidence] = answer.EvidenceOf(digit);
        target[One] = digit == 1 ? 1 : 0;
        target[NarrowFor] = Math.Max(0, s_narrow[digit] - features[NarrowFor]);
        target[BroadFor] = Math.Max(0, features[BroadFor] - s_broad[digit]);
    }

    /// <summary>What is measured of a run of parts that may be a digit.</summary>
    /// <param name="piece">The run as one.</param>
    /// <param name="height">The digits' height on the line.</param>
    /// <param name="offset">How far its middle is from the line's, in the same pixels; below it above 0.</param>
    public static double[] MeasureDigit(InkPiece piece, double height, double offset)
    {
        var (tall, broad) = (piece.Box.Height / height, piece.Box.Width / height);
        var aspect = piece.Box.Width / (double)piece.Box.Height;
        var features = new double[Count];
        features[Digit] = 1;
        // Completed by the digit's own aspects.
        features[NarrowFor] = features[BroadFor] = aspect;
        features[Low] = Math.Max(0, 0.9 - tall);
        features[VeryLow] = Math.Max(0, 0.62 - tall);
        features[Tall] = Math.Max(0, tall - 1.2);
        features[Broad] = Math.Max(0, broad - 0.85);
        features[VeryBroad] = Math.Max(0, broad - 1.1);
        features[Offset] = Math.Max(0, (Math.Abs(offset) / height) - 0.1);
        return features;
    }

    /// <summary>What is measured of a part that may be no digit.</summary>
    public static double[] MeasureSkip(InkPiece piece, double height, double offset, bool isCut, bool isEnd)
    {
        var features = new double[Count];
        features[Skip] = 1;
        features[SkipHeight] = Math.Min(1.5, piece.Box.Height / height);
        features[SkipWidth] = Math.Min(1.5, piece.Box.Width / height);
        features[SkipMass] = Math.Min(1, piece.Mass / (height * height));
        features[SkipCutPart] = isCut ? 1 : 0;
        features[SkipBelow] = Math.Clamp(offset / height, 0, 1);
        features[SkipEnd] = isEnd ? 1 : 0;
        return features;
    }

    private static double Sum(IReadOnlyList<double> weights, ReadOnlySpan<double> features)
    {
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            sum += weights[i] * features[i];
        }

        return sum;
    }
}

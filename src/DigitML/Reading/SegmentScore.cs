using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>
/// What is measured of a run of parts that may be a digit, or of a part that may be none; <see cref="SegmentWeights"/> make a score of it. A
/// reading's score is the sum over its segments.
/// </summary>
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

    public const int Height = 32;
    public const int Width = 33;
    public const int Below = 34;
    public const int Mass = 35;
    public const int Parts = 36;
    public const int LeftCut = 37;
    public const int LeftInk = 38;
    public const int LeftLoops = 39;
    public const int RunnerUp = 40;
    public const int CutWall = 41;
    public const int LeftWall = 42;
    public const int SkipEvidence = 43;
    public const int Line = 44;
    public const int LineLead = 45;
    public const int LineNone = 46;
    public const int SkipAlone = 47;
    public const int Zero = 48;

    /// <summary>How many features there are: one for each digit at the end.</summary>
    public const int Count = Zero + 10;

    private const double LeastLogProbability = -7;

    /// <summary>Brings what the line's network says to the size of the others.</summary>
    private const double LineShare = 0.25;

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
        nameof(Thin), nameof(Thick), nameof(Faint), nameof(CutOfBroad), nameof(Height), nameof(Width), nameof(Below), nameof(Mass), nameof(Parts),
        nameof(LeftCut), nameof(LeftInk), nameof(LeftLoops), nameof(RunnerUp), nameof(CutWall), nameof(LeftWall), nameof(SkipEvidence),
        nameof(Line), nameof(LineLead), nameof(LineNone), nameof(SkipAlone), .. Enumerable.Range(0, 10).Select(digit => Invariant($"Is{digit}")),
    ];

    /// <summary>The score of a run as a digit.</summary>
    /// <param name="weights">What each feature counts.</param>
    /// <param name="features">What was measured of the run.</param>
    /// <param name="answer">What the network says of it.</param>
    /// <param name="line">What the line's network says of its place: [10] logarithms.</param>
    /// <param name="digit">As which digit, 0 to 9.</param>
    public static double OfDigit(SegmentWeights weights, ReadOnlySpan<double> features, Classified answer, double[] line, int digit)
    {
        Span<double> all = stackalloc double[Count];
        features.CopyTo(all);
        AddDigit(all, features, answer, line, digit);
        return weights.Score(all);
    }

    /// <summary>The score of a part as no digit.</summary>
    public static double OfSkip(SegmentWeights weights, ReadOnlySpan<double> features) => weights.Score(features);

    /// <summary>Completes a run's features with those that depend on the digit.</summary>
    public static void AddDigit(Span<double> target, ReadOnlySpan<double> features, Classified answer, double[] line, int digit)
    {
        target[LogProbability] = Math.Max(LeastLogProbability, Math.Log(answer.Probabilities[digit]));
        target[Evidence] = answer.EvidenceOf(digit);
        target[One] = digit == 1 ? 1 : 0;
        target[NarrowFor] = Math.Max(0, s_narrow[digit] - features[NarrowFor]);
        target[BroadFor] = Math.Max(0, features[BroadFor] - s_broad[digit]);
        target[RunnerUp] = answer.RunnerUpProbability;
        target[Line] = LineShare * line[digit];
        target[LineLead] = LineShare * (line.Max() - line[digit]);
        target.Slice(Zero, 10).Clear();
        target[Zero + digit] = 1;
    }

    /// <summary>What is measured of a run of parts that may be a digit.</summary>
    /// <param name="piece">The run as one.</param>
    /// <param name="height">The digits' height on the line.</param>
    /// <param name="offset">How far its middle is from the line's, in the same pixels; below it above 0.</param>
    /// <param name="none">How likely the line's network finds no digit there, as a logarithm.</param>
    public static double[] MeasureDigit(InkPiece piece, double height, double offset, double none)
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
        features[LineNone] = LineShare * none;
        AddShape(features, piece, height, offset);
        return features;
    }

    /// <summary>What is measured of a part that may be no digit.</summary>
    public static double[] MeasureSkip(InkPiece piece, Classified answer, (double[] Digits, double None) line, double height, double offset, bool isCut, bool isEnd, bool isAlone)
    {
        var features = new double[Count];
        features[Skip] = 1;
        features[SkipHeight] = Math.Min(1.5, piece.Box.Height / height);
        features[SkipWidth] = Math.Min(1.5, piece.Box.Width / height);
        features[SkipMass] = Math.Min(1, piece.Mass / (height * height));
        features[SkipCutPart] = isCut ? 1 : 0;
        features[SkipBelow] = Math.Clamp(offset / height, 0, 1);
        features[SkipEnd] = isEnd ? 1 : 0;
        features[SkipAlone] = isAlone ? 1 : 0;
        features[SkipEvidence] = Math.Max(LeastLogProbability, answer.Evidence);
        features[Line] = LineShare * line.Digits.Max();
        features[LineNone] = LineShare * line.None;
        AddShape(features, piece, height, offset);
        return features;
    }

    private static void AddShape(double[] features, InkPiece piece, double height, double offset)
    {
        features[Height] = Math.Min(2, piece.Box.Height / height);
        features[Width] = Math.Min(2, piece.Box.Width / height);
        features[Below] = Math.Clamp(offset / height, -1, 1);
        features[Mass] = Math.Min(1, piece.Mass / (height * height));
    }
}

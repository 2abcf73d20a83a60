namespace DigitML.Evaluation;

/// <summary>One limit of a gate and how it was met.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="IsMet">Whether the limit is kept.</param>
/// <param name="Reason">One sentence or two: what was found, and against what.</param>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record GateCheck(string Name, bool IsMet, string Reason);

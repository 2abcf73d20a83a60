namespace DigitML.AutoML;

/// <summary>Placeholder.</summary>
public sealed class StudyReport
{
    /// <summary>Placeholder.</summary>
    public static StudyReport Of(Studies.StudyDescription s, IReadOnlyList<Trials.TrialRecord> t, Evaluation.EvaluationResult? e) => new();

    /// <summary>Placeholder.</summary>
    public IReadOnlyList<string> Save(string folder) => [];
}

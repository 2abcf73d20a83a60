namespace DigitML.AutoML.Studies;

/// <summary>Placeholder.</summary>
public static class StudyStore
{
    /// <summary>Placeholder.</summary>
    public static IStudyStore For(string text) => new MemoryStudy();
}

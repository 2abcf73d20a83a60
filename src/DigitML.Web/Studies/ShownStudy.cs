namespace DigitML.Web.Studies;

/// <summary>The study at <c>/study</c>: the one that the server was given, else that of the last search begun from the page.</summary>
internal sealed class ShownStudy(WebOptions options)
{
    private StudySource? _searched;

    /// <summary>The study; null when there is none yet.</summary>
    public StudySource? Source => options.Study ?? Volatile.Read(ref _searched);

    /// <summary>Shows a search's study, where the server was given none.</summary>
    /// <returns>Whether it is shown.</returns>
    public bool Show(StudySource source)
    {
        Volatile.Write(ref _searched, source);
        return options.Study is null;
    }
}

using System.Diagnostics;

namespace DigitML.Reading;

/// <summary>
/// Tells listeners (OpenTelemetry, <see cref="ActivityListener"/>) how long the steps of a reading take: decode, preprocess, segment and
/// classify. Where nobody listens it costs nothing that could be measured.
/// </summary>
public static class ReadingTrace
{
    /// <summary>The name of the source of activities.</summary>
    public const string SourceName = "DigitML.Reading";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Does a step.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="work">What is done.</param>
    internal static T Do<T>(string step, Func<T> work)
    {
        using var activity = s_source.StartActivity(step);
        return work();
    }

    /// <summary>Goes through what is found one by one; finding each is a step.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="found">Found when it is asked for.</param>
    internal static IEnumerable<T> Each<T>(string step, IEnumerable<T> found)
    {
        using var next = found.GetEnumerator();
        while (Do(step, next.MoveNext))
        {
            yield return next.Current;
        }
    }
}

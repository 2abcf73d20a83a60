using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.AutoML;

/// <summary>Is told how an experiment goes. Calls come one at a time, from the threads that train.</summary>
public interface IExperimentMonitor
{
    /// <summary>A trial has begun, goes on to its next rung, or has done another epoch.</summary>
    /// <param name="report">Which, and how the experiment stands.</param>
    void ReportRunningTrial(TrialReport report)
    {
    }

    /// <summary>A trial has reached a rung.</summary>
    /// <param name="report">Which, and how the experiment stands.</param>
    void ReportCompletedTrial(TrialReport report)
    {
    }

    /// <summary>A trial has reached a rung and is the best so far.</summary>
    /// <param name="report">Which, and how the experiment stands.</param>
    void ReportBestTrial(TrialReport report)
    {
    }

    /// <summary>A trial cannot be trained.</summary>
    /// <param name="report">Which, and how the experiment stands.</param>
    void ReportFailTrial(TrialReport report)
    {
    }

    /// <summary>The search is over and the best trial's settings are trained on all training data.</summary>
    /// <param name="report">Which, and how far that is.</param>
    void ReportRefit(TrialReport report)
    {
    }

    /// <summary>Something that the user should know: one line.</summary>
    /// <param name="notice">The line.</param>
    void ReportNotice(string notice)
    {
    }
}

/// <summary>One event of an experiment.</summary>
public sealed record TrialReport
{
    /// <summary>The trial.</summary>
    public required TrialRecord Trial { get; init; }

    /// <summary>All trials of the study, as this process knows them. To be read during the call alone.</summary>
    public required StudyView Study { get; init; }

    /// <summary>The epoch that is running or was just done; null when none is.</summary>
    public EpochReport? Epoch { get; init; }

    /// <summary>Since the experiment began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Until its time is over; null when it has no time to keep.</summary>
    public required TimeSpan? Left { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(TrialReport), PrintMembers);
}

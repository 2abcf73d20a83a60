using DigitML.AutoML.Spaces;

namespace DigitML.AutoML.Tuning;

/// <summary>Decides what a study tries next: which trial goes on, and what a new one is set to. Has no state of its own, so that all workers of a study decide alike.</summary>
public interface ITuner
{
    /// <summary>What it is called in tables and in the study.</summary>
    string Name { get; }

    /// <summary>Epochs at each rung, ascending; the last is a whole training.</summary>
    IReadOnlyList<int> Rungs { get; }

    /// <summary>How far a rung's best are promoted: one of so many. 0 when every trial goes straight to the end.</summary>
    double ReductionFactor { get; }

    /// <summary>The settings of a new trial.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="study">The trials so far.</param>
    /// <param name="number">The new trial's number.</param>
    /// <param name="seed">The study's.</param>
    TrialSettings Suggest(SearchSpace space, StudyView study, int number, int seed);
}

using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Tuning;

/// <summary>
/// A study's trials as one worker knows them, kept so that what comes next is found in a moment among a hundred thousand: each rung's results
/// are sorted as they come in, and those that may go on are known at any time.
/// </summary>
public sealed class StudyView
{
    private readonly Dictionary<int, TrialRecord> _trials = [];
    private readonly Rung[] _rungs;
    private readonly SortedSet<Standing> _standings = [];
    private readonly ExperimentMetric _metric;

    /// <summary>An empty study.</summary>
    /// <param name="rungCount">Rungs, at least 1.</param>
    /// <param name="reductionFactor">One of so many goes on; 0 for all.</param>
    /// <param name="metric">What is compared.</param>
    public StudyView(int rungCount, double reductionFactor, ExperimentMetric metric)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rungCount, 1);
        _metric = metric;
        _rungs = [.. Enumerable.Range(0, rungCount).Select(_ => new Rung(reductionFactor))];
    }

    /// <summary>Trials that it knows.</summary>
    public int Count => _trials.Count;

    /// <summary>The trials by number.</summary>
    public IEnumerable<TrialRecord> Trials => _trials.Values.OrderBy(trial => trial.Number);

    /// <summary>Trials that a worker trains now.</summary>
    public int RunningCount { get; private set; }

    /// <summary>The trial whose last result is the best, at whatever rung; of equal ones the one that has come further. Null when none has reached a rung.</summary>
    public TrialRecord? Best => _standings.Count > 0 ? _trials[_standings.Min.Trial] : null;

    /// <summary>What the next call of <see cref="IStudyStore.ChangesAsync"/> is given.</summary>
    internal long Revision { get; private set; }

    /// <summary>A trial.</summary>
    /// <param name="number">Its number.</param>
    public TrialRecord? Find(int number) => _trials.GetValueOrDefault(number);

    /// <summary>Trials that have reached a rung, the best first: a view, which changes with the study and finds any place in a moment.</summary>
    /// <param name="rung">From 0.</param>
    public IReadOnlyList<TrialRecord> ReachedBy(int rung) => new Selection<Place, TrialRecord>(_rungs[rung].BestFirst, place => _trials[place.Trial]);

    /// <summary>How many have reached a rung.</summary>
    /// <param name="rung">From 0.</param>
    public int CountAt(int rung) => _rungs[rung].Count;

    /// <summary>
    /// Trials that shall go on by asynchronous successive halving (Li et al. 2020, algorithm 2): among the best of one rung, as many as its results divided by the
    /// reduction factor, those that are paused there, the best first. The highest rung that has any.
    /// </summary>
    /// <param name="most">How many at most.</param>
    public (int Rung, IReadOnlyList<int> Trials) Promotable(int most = 16)
    {
        for (var rung = _rungs.Length - 2; rung >= 0; rung--)
        {
            int[] trials = [.. _rungs[rung].Promotable.Take(most).Select(place => place.Trial)];
            if (trials.Length > 0)
            {
                return (rung, trials);
            }
        }

        return (0, []);
    }

    /// <summary>Takes in what has changed.</summary>
    /// <param name="changes">From the store.</param>
    public void Apply(StudyChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var trial in changes.Trials)
        {
            var before = _trials.GetValueOrDefault(trial.Number);
            _trials[trial.Number] = trial;
            if (before is not null && StandingOf(before) is { } was)
            {
                _standings.Remove(was);
            }

            if (StandingOf(trial) is { } standing)
            {
                _standings.Add(standing);
            }

            RunningCount += (trial.State == TrialState.Running ? 1 : 0) - (before?.State == TrialState.Running ? 1 : 0);
            for (var rung = 0; rung < trial.Rungs.Count && rung < _rungs.Length; rung++)
            {
                var isPausedHere = trial.State == TrialState.Paused && rung == trial.Rungs.Count - 1;
                _rungs[rung].Put(new Place(trial.Rungs[rung].Score.Goodness(_metric), trial.Number), isPausedHere);
            }
        }

        Revision = changes.Revision;
    }

    private Standing? StandingOf(TrialRecord trial) => trial.Last is { } last ? new(last.Score.Goodness(_metric), trial.Rungs.Count, trial.Number) : null;

    /// <summary>A trial's place by its last result, as <see cref="StudyStanding"/> has it.</summary>
    private readonly record struct Standing(double Goodness, int Rungs, int Trial) : IComparable<Standing>
    {
        public int CompareTo(Standing other)
        {
            var order = other.Goodness.CompareTo(Goodness);
            order = order != 0 ? order : other.Rungs.CompareTo(Rungs);
            return order != 0 ? order : Trial.CompareTo(other.Trial);
        }
    }

    /// <summary>A result's place among others: better ones first, and of equal ones the older trial.</summary>
    private readonly record struct Place(double Goodness, int Trial) : IComparable<Place>
    {
        public int CompareTo(Place other)
        {
            var order = other.Goodness.CompareTo(Goodness);
            return order != 0 ? order : Trial.CompareTo(other.Trial);
        }
    }

    /// <summary>One rung's results, cut into those that may go on and the rest.</summary>
    private sealed class Rung(double reductionFactor)
    {
        private readonly RankedList<Place> _ranked = new();
        private readonly SortedSet<Place> _promotable = [];
        private readonly HashSet<int> _paused = [];

        public int Count => _ranked.Count;

        public IReadOnlyList<Place> BestFirst => _ranked;

        public IEnumerable<Place> Promotable => _promotable;

        /// <summary>How many of the best may go on.</summary>
        private int Top => reductionFactor == 0 ? Count : (int)(Count / reductionFactor);

        public void Put(Place place, bool isPaused)
        {
            if (isPaused)
            {
                _paused.Add(place.Trial);
            }
            else
            {
                _paused.Remove(place.Trial);
            }

            // A new result moves the cut by at most one place, and may push one over it.
            _ranked.Add(place);
            Mark(place);
            if (Top > 0)
            {
                Mark(_ranked[Top - 1]);
            }

            if (Top < Count)
            {
                Mark(_ranked[Top]);
            }
        }

        private void Mark(Place place)
        {
            if (_paused.Contains(place.Trial) && Top > 0 && place.CompareTo(_ranked[Top - 1]) <= 0)
            {
                _promotable.Add(place);
            }
            else
            {
                _promotable.Remove(place);
            }
        }
    }
}

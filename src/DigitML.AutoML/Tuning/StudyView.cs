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
    private readonly ExperimentMetric _metric;

    /// <summary>An empty study.</summary>
    /// <param name="rungCount">Rungs, at least 1.</param>
    /// <param name="reductionFactor">One of so many goes on; 0 for all.</param>
    /// <param name="metric">What is compared.</param>
    public StudyView(int rungCount, int reductionFactor, ExperimentMetric metric)
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

    /// <summary>The trial that does best at the highest rung reached; null when none has reached one.</summary>
    public TrialRecord? Best
    {
        get
        {
            for (var rung = _rungs.Length - 1; rung >= 0; rung--)
            {
                if (_rungs[rung].Best is { } place)
                {
                    return _trials[place.Trial];
                }
            }

            return null;
        }
    }

    /// <summary>What the next call of <see cref="IStudyStore.ChangesAsync"/> is given.</summary>
    internal long Revision { get; private set; }

    /// <summary>A trial.</summary>
    /// <param name="number">Its number.</param>
    public TrialRecord? Find(int number) => _trials.GetValueOrDefault(number);

    /// <summary>Trials that have reached a rung, the best first.</summary>
    /// <param name="rung">From 0.</param>
    public IEnumerable<TrialRecord> ReachedBy(int rung) => _rungs[rung].BestFirst.Select(place => _trials[place.Trial]);

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
            RunningCount += (trial.State == TrialState.Running ? 1 : 0) - (before?.State == TrialState.Running ? 1 : 0);
            for (var rung = 0; rung < trial.Rungs.Count && rung < _rungs.Length; rung++)
            {
                var isPausedHere = trial.State == TrialState.Paused && rung == trial.Rungs.Count - 1;
                _rungs[rung].Put(new Place(trial.Rungs[rung].Score.Goodness(_metric), trial.Number), isPausedHere);
            }
        }

        Revision = changes.Revision;
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
    private sealed class Rung(int reductionFactor)
    {
        private readonly SortedSet<Place> _top = [];
        private readonly SortedSet<Place> _rest = [];
        private readonly SortedSet<Place> _promotable = [];
        private readonly HashSet<int> _paused = [];

        public int Count => _top.Count + _rest.Count;

        public Place? Best => _top.Count > 0 ? _top.Min : _rest.Count > 0 ? _rest.Min : null;

        public IEnumerable<Place> BestFirst => _top.Concat(_rest);

        public IEnumerable<Place> Promotable => _promotable;

        public void Put(Place place, bool isPaused)
        {
            if (isPaused ? _paused.Add(place.Trial) : _paused.Remove(place.Trial))
            {
                if (_top.Contains(place))
                {
                    Mark(place);
                }
            }

            if (_top.Contains(place) || !_rest.Add(place))
            {
                return;
            }

            // A new result: the cut moves by at most one place, and its own may lie before it.
            if (_top.Count > 0 && _top.Max.CompareTo(_rest.Min) > 0)
            {
                Move(_top, _rest, _top.Max);
                Move(_rest, _top, _rest.Min);
            }

            var size = reductionFactor == 0 ? Count : Count / reductionFactor;
            while (_top.Count < size)
            {
                Move(_rest, _top, _rest.Min);
            }
        }

        private void Move(SortedSet<Place> from, SortedSet<Place> to, Place place)
        {
            from.Remove(place);
            to.Add(place);
            Mark(place);
        }

        private void Mark(Place place)
        {
            if (_top.Contains(place) && _paused.Contains(place.Trial))
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

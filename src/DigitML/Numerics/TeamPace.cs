using System.Diagnostics;

namespace DigitML.Numerics;

/// <summary>
/// Says how many threads of a team work on the next step, by how fast steps were: on a processor that others use too, one
/// thread that runs is faster than two of which one is waited for. Now and then another number is tried for a moment; the longer
/// the last has stood, the more rarely. Timing decides who works and never what comes out.
/// </summary>
internal sealed class TeamPace
{
    /// <summary>Steps are counted for so long: several slices of a scheduler's.</summary>
    private static readonly long s_window = Stopwatch.Frequency / 50;

    /// <summary>Windows between two trials, at first and at most: a trial then costs less than a hundredth.</summary>
    private const int SoonestTrial = 8;
    private const int LatestTrial = 64;

    /// <summary>So much faster another number must be.</summary>
    private const double Gain = 1.05;

    private readonly int _size;
    private readonly Func<long> _timestamp;
    private long _last;
    private long _elapsed;
    private long _work;
    private int _chosen;
    private int _tried;
    private double _rate;
    private int _interval = SoonestTrial;
    private int _left = SoonestTrial;
    private bool _triesMore;

    /// <summary>Begins with all.</summary>
    /// <param name="size">Threads of the team.</param>
    /// <param name="timestamp">Where time comes from, in <see cref="Stopwatch"/>'s ticks; null for the clock.</param>
    public TeamPace(int size, Func<long>? timestamp = null)
    {
        (_size, _chosen, _tried) = (size, size, size);
        _timestamp = timestamp ?? Stopwatch.GetTimestamp;
    }

    /// <summary>Goes on counting after a pause, as between two epochs.</summary>
    /// <returns>Threads for the first step.</returns>
    public int Begin()
    {
        _last = _timestamp();
        return _tried;
    }

    /// <summary>Notes that a step is over.</summary>
    /// <param name="work">How large it was, against other steps.</param>
    /// <returns>Threads for the next one.</returns>
    public int Next(int work = 1)
    {
        if (_size == 1)
        {
            return 1;
        }

        _work += work;
        var now = _timestamp();
        (_elapsed, _last) = (_elapsed + (now - _last), now);
        if (_elapsed < s_window)
        {
            return _tried;
        }

        var rate = _work / (double)_elapsed;
        if (_tried != _chosen)
        {
            var isFaster = rate > Gain * _rate;
            (_chosen, _rate) = isFaster ? (_tried, rate) : (_chosen, _rate);
            _interval = isFaster ? SoonestTrial : Math.Min(2 * _interval, LatestTrial);
            (_tried, _left) = (_chosen, _interval);
        }
        else
        {
            _rate = _rate == 0 ? rate : (_rate + rate) / 2;
            if (--_left <= 0)
            {
                _triesMore = _chosen == 1 || (_chosen < _size && !_triesMore);
                _tried = _triesMore ? Math.Min(_size, 2 * _chosen) : _chosen / 2;
            }
        }

        (_elapsed, _work) = (0, 0);
        return _tried;
    }
}

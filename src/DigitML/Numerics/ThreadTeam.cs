namespace DigitML.Numerics;

/// <summary>
/// Threads that stay up and run one body together, each with its own number, meeting at barriers.
/// The caller's thread is number 0.
/// </summary>
/// <remarks>
/// A training step has a handful of phases of a few microseconds, so a barrier spins before it yields and yields
/// before it sleeps; the thread pool's wake-up alone would cost more than a phase. It spins for a few microseconds only:
/// where other programs want the processors too, the one that is waited for may not be running.
/// When one thread fails, the others leave at their next barrier and <see cref="Run"/> throws what it threw.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    private const int Spins = 100;

    /// <summary>Some milliseconds: a thread that sleeps for one is missed for a dozen steps, and another's core may only be lent out.</summary>
    private const int Yields = 10_000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _starts;
    private readonly SemaphoreSlim _finished = new(0);
    private readonly SemaphoreSlim[] _parked;
    private readonly int[] _restsBefore;
    private readonly int[] _resumeAt;
    private Action<int>? _body;
    private Exception? _failure;
    private int _nextActive;
    private volatile int _active;
    private volatile bool _stepsOver;
    private int _arrived;
    private volatile int _generation;
    private volatile bool _aborted;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Threads that work, the caller's included; at least 1.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _active = size;
        _threads = new Thread[size - 1];
        _starts = new SemaphoreSlim[size - 1];
        _parked = new SemaphoreSlim[size - 1];
        _restsBefore = new int[size];
        _resumeAt = new int[size];
        for (var i = 0; i < _threads.Length; i++)
        {
            _starts[i] = new SemaphoreSlim(0);
            _parked[i] = new SemaphoreSlim(0);
            var member = i + 1;
            _threads[i] = new Thread(() => Work(member)) { IsBackground = true, Name = Invariant($"DigitML {member}") };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Size { get; }

    /// <summary>Those of them that take part in the running step, from number 0 on; all outside <see cref="RunSteps"/>.</summary>
    public int Active => _active;

    /// <summary>Threads a team has when the caller asks for <paramref name="requested"/>; 0 asks for one per processor.</summary>
    public static int SizeFor(int requested) => requested > 0 ? requested : Environment.ProcessorCount;

    /// <summary>One member's share of <paramref name="count"/> things: contiguous, and the same for the same arguments.</summary>
    public static (int Start, int End) Share(int count, int member, int size) =>
        ((int)((long)count * member / size), (int)((long)count * (member + 1) / size));

    /// <summary>Runs <paramref name="body"/> once on every thread and returns when all are done.</summary>
    /// <param name="body">Given the thread's number.</param>
    public void Run(Action<int> body)
    {
        if (Size == 1)
        {
            body(0);
            return;
        }

        _body = body;
        _failure = null;
        _aborted = false;
        _arrived = 0;
        _stepsOver = false;
        Array.Fill(_restsBefore, -1);
        foreach (var parked in _parked)
        {
            // What a failed run left.
            while (parked.Wait(0))
            {
            }
        }

        StartAll();
        Guard(0, body);

        // Each is counted by itself. A CountdownEvent's Reset is not safe against a Signal that has counted and not yet set its
        // event: where that thread's processor was taken away, the next run would have returned before its threads were through.
        for (var i = 1; i < Size; i++)
        {
            _finished.Wait();
        }

        _body = null;
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Has things done by whoever is free: a thread whose processor is taken away holds up one piece and not its share of all.</summary>
    /// <param name="count">Things.</param>
    /// <param name="most">Of a piece, at most.</param>
    /// <param name="piece">Given the thread's number, the first thing and how many.</param>
    public void RunPieces(int count, int most, Action<int, int, int> piece)
    {
        var next = 0;
        Run(member =>
        {
            for (var start = Interlocked.Add(ref next, most) - most; start < count; start = Interlocked.Add(ref next, most) - most)
            {
                piece(member, start, Math.Min(most, count - start));
            }
        });
    }

    /// <summary>Runs steps one after the other, each by as many threads as pay: some rest while others' programs hold their processors.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="begin">What each thread of the first step does before it; ends with a barrier.</param>
    /// <param name="step">One thread's share of a step, given its number and the step's; ends without a barrier.</param>
    /// <param name="isOver">Asked between steps: whether to end early.</param>
    /// <param name="pace">Who says how many.</param>
    public void RunSteps(int steps, Action<int> begin, Action<int, int> step, Func<bool> isOver, TeamPace pace)
    {
        _active = pace.Begin();
        _nextActive = _active;
        var first = _active;
        try
        {
            Run(member =>
            {
                var i = 0;
                if (member < first)
                {
                    begin(member);
                }
                else if (!Park(member, ref i))
                {
                    return;
                }

                while (i < steps && !isOver())
                {
                    step(member, i++);
                    var before = _active;
                    if (member == 0)
                    {
                        _nextActive = pace.Next();
                    }

                    Barrier(endsBefore: i);
                    if (member == 0)
                    {
                        Wake(before, _active, i);
                    }
                    else if (_restsBefore[member] == i && !Park(member, ref i))
                    {
                        // Told each by name and step: the number of those who go on may have changed again before a slow one reads it.
                        return;
                    }
                }

                if (member == 0)
                {
                    _stepsOver = true;
                    Wake(_active, Size, steps);
                }
            });
        }
        finally
        {
            _active = Size;
        }
    }

    /// <summary>Rests until the steps go on with this thread.</summary>
    /// <returns>false when they are over.</returns>
    private bool Park(int member, ref int step)
    {
        _parked[member - 1].Wait();
        step = _resumeAt[member];
        return !_stepsOver;
    }

    /// <summary>Lets resting threads go on.</summary>
    private void Wake(int from, int to, int step)
    {
        for (var member = Math.Max(1, from); member < to; member++)
        {
            _resumeAt[member] = step;
            _parked[member - 1].Release();
        }
    }

    /// <summary>Waits until every thread that takes part has come here.</summary>
    public void Barrier() => Barrier(endsBefore: -1);

    /// <param name="endsBefore">The step that comes next, where this ends one; −1 within a step.</param>
    private void Barrier(int endsBefore)
    {
        if (Size == 1)
        {
            return;
        }

        // Both before it is said that this thread has come: afterwards the others may go on, and change them.
        var (generation, active) = (_generation, _active);
        if (Interlocked.Increment(ref _arrived) == active)
        {
            _arrived = 0;
            if (endsBefore >= 0)
            {
                // Here and not before: all have come, so each has read what it was last told.
                var next = Math.Min(_nextActive, active);
                Array.Fill(_restsBefore, endsBefore, next, active - next);
                _active = _nextActive;
            }

            _generation = generation + 1;
        }
        else
        {
            for (var waited = 0; _generation == generation && !_aborted; waited++)
            {
                if (waited < Spins)
                {
                    Thread.SpinWait(1);
                }
                else if (waited < Spins + Yields)
                {
                    Thread.Yield();
                }
                else
                {
                    Thread.Sleep(1);
                }
            }
        }

        if (_aborted)
        {
            throw new OperationCanceledException("Another thread of the team failed.");
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        StartAll();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        Array.ForEach(_starts, start => start.Dispose());
        Array.ForEach(_parked, parked => parked.Dispose());
        _finished.Dispose();
    }

    private void StartAll()
    {
        foreach (var start in _starts)
        {
            start.Release();
        }
    }

    private void Work(int member)
    {
        while (true)
        {
            _starts[member - 1].Wait();
            if (_disposed)
            {
                return;
            }

            Guard(member, _body!);
            _finished.Release();
        }
    }

    private void Guard(int member, Action<int> body)
    {
        try
        {
            body(member);
        }
        catch (Exception exception)
        {
            // The first failure is the cause; what the others throw on leaving is its echo.
            Interlocked.CompareExchange(ref _failure, exception, null);
            _aborted = true;
            _stepsOver = true;
            Wake(1, Size, 0);
        }
    }
}

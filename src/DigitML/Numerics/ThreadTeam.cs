namespace DigitML.Numerics;

/// <summary>
/// Threads that stay up and run one body together, each with its own number, meeting at barriers.
/// The caller's thread is number 0.
/// </summary>
/// <remarks>
/// A training step has a handful of phases of a few microseconds, so a barrier spins before it yields and yields
/// before it sleeps; the thread pool's wake-up alone would cost more than a phase.
/// When one thread fails, the others leave at their next barrier and <see cref="Run"/> throws what it threw.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    private const int Spins = 1_000;

    /// <summary>Some milliseconds: a thread that sleeps for one is missed for a dozen steps, and another's core may only be lent out.</summary>
    private const int Yields = 10_000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _starts;
    private readonly CountdownEvent _finished;
    private Action<int>? _body;
    private Exception? _failure;
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
        _finished = new CountdownEvent(Math.Max(1, size - 1));
        _threads = new Thread[size - 1];
        _starts = new SemaphoreSlim[size - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            _starts[i] = new SemaphoreSlim(0);
            var member = i + 1;
            _threads[i] = new Thread(() => Work(member)) { IsBackground = true, Name = Invariant($"DigitML {member}") };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Size { get; }

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
        _finished.Reset(Size - 1);
        StartAll();
        Guard(0, body);
        _finished.Wait();
        _body = null;
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Waits until every thread of the team has come here.</summary>
    public void Barrier()
    {
        if (Size == 1)
        {
            return;
        }

        var generation = _generation;
        if (Interlocked.Increment(ref _arrived) == Size)
        {
            _arrived = 0;
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

        foreach (var start in _starts)
        {
            start.Dispose();
        }

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
            _finished.Signal();
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
        }
    }
}

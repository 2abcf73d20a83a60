using System.Diagnostics;
using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Tests.Imaging.Fuzzing;

/// <summary>
/// Gives a decoder damaged files and watches: no exception but <see cref="DigitException"/> with one line, no allocation
/// above what the limits allow, no picture above them, and an end within a time far above the usual.
/// </summary>
internal sealed class FuzzRun(IImageDecoder decoder, FuzzMutator mutator)
{
    private const int MaximumPixels = 60_000;

    // Of one row of the widest picture: two of 8 bytes a pixel; else at most 9 bytes a pixel; beside them tables and buffers.
    public const long UsualBytes = (20L * MaximumPixels) + 400_000;

    private static readonly TimeSpan _watch = TimeSpan.FromMilliseconds(50);

    private static readonly ImageLimits _limits = new() { MaximumPixels = MaximumPixels };

    /// <summary>What may be allocated for one file.</summary>
    public long AllowedBytes { get; init; } = UsualBytes;

    /// <summary>What one file may take before it counts as a hang: far above the usual fraction of a millisecond, for machines that are busy.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Runs, on threads of its own.</summary>
    /// <param name="first">The first file's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">How many at a time.</param>
    public FuzzReport Run(long first, long count, int threads)
    {
        var workers = Enumerable.Range(0, threads)
            .Select(i => new Worker(decoder, mutator, AllowedBytes, first + (count * i / threads), first + (count * (i + 1) / threads)))
            .ToArray();
        var running = workers.Select(worker => new Thread(worker.Run) { IsBackground = true }).ToArray();
        Array.ForEach(running, thread => thread.Start());
        var report = new FuzzReport();
        for (var i = 0; i < threads; i++)
        {
            // Looks are counted, not time: a machine that stands still stops the watch as well as what is watched.
            long seen = -1, looks = 0;
            while (!running[i].Join(_watch))
            {
                var number = workers[i].Number;
                (seen, looks) = number == seen ? (seen, looks + 1) : (number, 0);
                if (looks * _watch >= Patience)
                {
                    report.Add($"file {number}: no end after {Patience.TotalSeconds:F0} s");
                    return report;
                }
            }
        }

        Array.ForEach(workers, worker => report.Add(worker.Report));
        return report;
    }

    private sealed class Worker(IImageDecoder decoder, FuzzMutator mutator, long allowedBytes, long first, long end)
    {
        private long _number = first;

        public long Number => Volatile.Read(ref _number);

        public FuzzReport Report { get; } = new();

        public void Run()
        {
            for (var number = _number; number < end; number++)
            {
                var file = mutator.Create(number);
                var started = Stopwatch.GetTimestamp();
                Volatile.Write(ref _number, number);
                Try(file, number);
                Report.SlowestMilliseconds = Math.Max(Report.SlowestMilliseconds, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Report.Count++;
            }
        }

        private void Try(byte[] file, long number)
        {
            var options = new DecodeOptions { Limits = _limits, TargetSide = number % 4 == 0 ? 5 : 0 };
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var image = decoder.Decode(file, options).Image;
                Report.Read++;
                if ((long)image.Width * image.Height > MaximumPixels)
                {
                    Report.Add($"file {number}: gave {image.Width}×{image.Height} pixels, over the limit");
                }
            }
            catch (DigitException error)
            {
                if (error.Message.Length is 0 or > 400 || error.Message.AsSpan().ContainsAny('\r', '\n'))
                {
                    Report.Add($"file {number}: its message is not one line: {error.Message}");
                }
            }
#pragma warning disable CA1031 // Any other exception is what is being looked for.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Report.Add($"file {number}: {error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n')[0].Trim()}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Report.MostAllocated = Math.Max(Report.MostAllocated, allocated);
            if (allocated > allowedBytes)
            {
                Report.Add($"file {number}: allocated {allocated} bytes where {allowedBytes} are allowed");
            }
        }
    }
}

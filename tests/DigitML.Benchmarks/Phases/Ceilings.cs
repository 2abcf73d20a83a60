using System.Diagnostics;
using DigitML.Benchmarks.Reporting;
using DigitML.Numerics;

namespace DigitML.Benchmarks.Phases;

/// <summary>What this machine can do at best with so many threads together, measured.</summary>
internal sealed unsafe class Ceilings
{
    private const int Tries = 5;
    private static readonly long[] s_blockBytes = [256 << 10, 8 << 20, 128 << 20];
    private readonly double[] _bytesPerSecond;

    private Ceilings(ThreadTeam team)
    {
        Threads = team.Size;
        var loops = CeilingLoops.Best;
        const long Rounds = 2_000_000;
        Operations = Rate(team, (_, result) => loops.MultiplyAdd(Rounds, result), Rounds * loops.OperationsPerRound);
        Quotients = Rate(team, (_, result) => loops.RootAndDivide(Rounds / 20, result), Rounds / 20 * loops.QuotientsPerRound);
        _bytesPerSecond = Array.ConvertAll(s_blockBytes, bytes =>
        {
            var blocks = Enumerable.Range(0, team.Size).Select(_ => new PanelBuffer((int)(bytes / sizeof(float)))).ToArray();
            foreach (var block in blocks)
            {
                block.Span.Fill(1f);
            }

            var passes = Math.Max(1, (256L << 20) / bytes);
            return Rate(
                team,
                (member, result) =>
                {
                    for (var pass = 0L; pass < passes; pass++)
                    {
                        loops.Read(blocks[member].Pointer, blocks[member].Length, result);
                    }
                },
                passes * bytes);
        });
        BarrierSeconds = Barrier(team);
    }

    /// <summary>Threads that work together.</summary>
    public int Threads { get; }

    /// <summary>Floating-point operations a second in multiply-adds, all threads together.</summary>
    public double Operations { get; }

    /// <summary>Square roots with a division each, a second, all threads together.</summary>
    public double Quotients { get; }

    /// <summary>What one barrier costs when all come at once.</summary>
    public double BarrierSeconds { get; }

    /// <summary>Measures a second or two.</summary>
    public static Ceilings Measure(int threads)
    {
        Progress.Say($"  ceilings, {threads} {(threads == 1 ? "thread" : "threads")}");
        using var team = new ThreadTeam(threads);
        return new Ceilings(team);
    }

    /// <summary>Bytes a second, all threads together, when they go over so many again and again: the slowest memory that these need.</summary>
    public double Bytes(double workingSet)
    {
        // A block stands for all working sets up to twice its size: 512 KB for L2, 16 MB for L3, else memory.
        var tier = Array.FindIndex(s_blockBytes, bytes => workingSet / Threads <= 2 * bytes);
        return _bytesPerSecond[tier < 0 ? ^1 : tier];
    }

    /// <summary>The ceilings as a table, a column for each number of threads.</summary>
    public static string Table(IReadOnlyList<Ceilings> all)
    {
        var table = new MarkdownTable([$"ceiling ({Kernels.Best.VectorBits}-bit vectors)", .. all.Select(one => one.Threads == 1 ? "1 thread" : $"{one.Threads} threads")]);
        Row("multiply-adds on registers, GFLOP/s", one => Figure.Of(one.Operations / 1e9));
        Row("square root and division, G/s", one => Figure.Of(one.Quotients / 1e9));
        for (var i = 0; i < s_blockBytes.Length; i++)
        {
            var tier = i;
            Row($"reading {Size(s_blockBytes[i])} a thread, GB/s", one => Figure.Of(one._bytesPerSecond[tier] / 1e9));
        }

        Row("a barrier", one => Figure.Seconds(one.BarrierSeconds));
        return table.ToString();

        void Row(string name, Func<Ceilings, string> cell) => table.Add([name, .. all.Select(cell)]);
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private delegate void Loop(int member, float* result);

    /// <summary>The best of a few tries: a ceiling is what was reached once.</summary>
    private static double Rate(ThreadTeam team, Loop loop, double perThread)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < Tries; i++)
        {
            team.Run(member =>
            {
                var result = stackalloc float[16];
                team.Barrier();
                var start = Stopwatch.GetTimestamp();
                loop(member, result);
                team.Barrier();
                if (member == 0)
                {
                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            });
        }

        return perThread * team.Size / best;
    }

    private static double Barrier(ThreadTeam team)
    {
        const int Barriers = 20_000;
        var best = double.PositiveInfinity;
        for (var i = 0; i < Tries; i++)
        {
            team.Run(member =>
            {
                team.Barrier();
                var start = Stopwatch.GetTimestamp();
                for (var barrier = 0; barrier < Barriers; barrier++)
                {
                    team.Barrier();
                }

                if (member == 0)
                {
                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / Barriers);
                }
            });
        }

        return best;
    }
}

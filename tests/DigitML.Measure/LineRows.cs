using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Measure;

/// <summary>The windows of many strips as rows to train with, moved a little and made fainter, each epoch otherwise.</summary>
internal sealed class LineRows : TrainingRows
{
    private readonly IReadOnlyList<MadeLine> _lines;
    private readonly int[] _firsts;
    private readonly int[] _lineOf;
    private readonly (sbyte Right, sbyte Down, float Strength)[] _changes;
    private readonly byte[][] _windows;

    public LineRows(IReadOnlyList<MadeLine> lines, int threads)
    {
        _lines = lines;
        _firsts = new int[lines.Count + 1];
        for (var i = 0; i < lines.Count; i++)
        {
            _firsts[i + 1] = checked(_firsts[i] + lines[i].Strip.Steps);
        }

        _lineOf = new int[_firsts[^1]];
        for (var i = 0; i < lines.Count; i++)
        {
            _lineOf.AsSpan(_firsts[i].._firsts[i + 1]).Fill(i);
        }

        _changes = new (sbyte, sbyte, float)[lines.Count];
        _windows = [.. Enumerable.Range(0, threads).Select(_ => new byte[LineStrip.WindowSize])];
    }

    public override int RowLength => LineStrip.WindowSize;

    public override int ClassCount => LineNetwork.Classes;

    public override string Hash => "made lines";

    /// <summary>Draws how each line is changed in an epoch.</summary>
    public void Change(int seed, int epoch)
    {
        for (var i = 0; i < _changes.Length; i++)
        {
            var random = SeededRandom.OfItem(seed, ((long)epoch << 32) + i);
            _changes[i] = ((sbyte)random.Next(-1, 2), (sbyte)random.Next(-1, 2), random.Chance(0.5) ? random.Between(0.6f, 1f) : 1f);
        }
    }

    /// <summary>The rows of a line, in their order.</summary>
    public (int First, int Past) RowsOf(int line) => (_firsts[line], _firsts[line + 1]);

    public override void Gather(InputBatch batch, int segment, ReadOnlySpan<int> order)
    {
        var window = _windows[segment];
        for (var row = 0; row < order.Length; row++)
        {
            var line = _lineOf[order[row]];
            var (right, down, strength) = _changes[line];
            _lines[line].Strip.CopyWindow(order[row] - _firsts[line], window, right, down);
            for (var i = 0; strength is > 0 and < 1 && i < window.Length; i++)
            {
                window[i] = (byte)(window[i] * strength);
            }

            batch.Gather(row, segment, window);
        }
    }

    public override void CopyLabels(ReadOnlySpan<int> order, Span<int> labels, Span<float> weights)
    {
        labels.Fill(NoClass);
        weights.Fill(1);
    }

    public override RowSequence[] SequencesOf(ReadOnlySpan<int> order)
    {
        var sequences = new List<RowSequence>();
        for (var row = 0; row < order.Length;)
        {
            var line = _lineOf[order[row]];
            var steps = _firsts[line + 1] - _firsts[line];
            sequences.Add(new RowSequence(row, steps, _lines[line].Text));
            row += steps;
        }

        return [.. sequences];
    }
}

/// <summary>A strip and what stands on it.</summary>
internal sealed record MadeLine(LineStrip Strip, byte[] Text);

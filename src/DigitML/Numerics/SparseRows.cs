using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DigitML.Numerics;

/// <summary>
/// A batch of pictures as lists of the inputs that are not zero, with their values. Each row's list is cut into
/// segments of neighbouring inputs, so that threads can fill their own without touching each other's cache lines;
/// read one after the other, the segments give the inputs in order however many there are.
/// </summary>
internal sealed unsafe class SparseRows
{
    private readonly int[] _indices;
    private readonly float[] _values;
    private readonly int[] _counts;
    private readonly int* _firstIndex;
    private readonly float* _firstValue;

    /// <summary>Places between two lists.</summary>
    private readonly int _capacity;

    /// <summary>Allocates.</summary>
    /// <param name="rows">Rows at most.</param>
    /// <param name="inputs">Inputs of a row.</param>
    /// <param name="segments">Segments a row is cut into, at least 1.</param>
    public SparseRows(int rows, int inputs, int segments)
    {
        Rows = rows;
        Inputs = inputs;
        Segments = segments;
        _capacity = Panels.Padded(((inputs + segments - 1) / segments) + 1);
        _indices = GC.AllocateUninitializedArray<int>(checked(rows * segments * _capacity), pinned: true);
        _values = GC.AllocateUninitializedArray<float>(_indices.Length, pinned: true);
        _counts = new int[checked(rows * segments)];
        _firstIndex = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_indices, 0);
        _firstValue = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0);
    }

    public int Rows { get; }

    public int Inputs { get; }

    public int Segments { get; }

    /// <summary>The inputs of one segment.</summary>
    public (int Start, int End) Segment(int segment) => ThreadTeam.Share(Inputs, segment, Segments);

    /// <summary>One segment of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SparseList List(int segment, int row)
    {
        var list = (segment * Rows) + row;
        var first = (nint)list * _capacity;
        return new SparseList(_firstIndex + first, _firstValue + first, _counts[list]);
    }

    /// <summary>Makes one segment of one row a picture without ink.</summary>
    public void Clear(int row, int segment) => _counts[(segment * Rows) + row] = 0;

    /// <summary>Lists what ReLU left of one row, in a batch whose lists have a single segment.</summary>
    /// <param name="row">The row.</param>
    /// <param name="activation">[rows, inputs].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(int row, in PanelMatrix activation)
    {
        var indices = _firstIndex + ((nint)row * _capacity);
        var values = _firstValue + ((nint)row * _capacity);
        var count = 0;
        for (var first = 0; first < Inputs; first += Panels.Width)
        {
            var source = activation.At(row, first);
            var width = Math.Min(Panels.Width, Inputs - first);
            for (var input = 0; input < width; input++)
            {
                // Written in any case and kept by the count: a branch would be foreseen half the time.
                indices[count] = first + input;
                values[count] = source[input];
                count += source[input] != 0 ? 1 : 0;
            }
        }

        _counts[row] = count;
    }

    /// <summary>Fills one segment of one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="pixels">The whole picture, [inputs].</param>
    /// <param name="valueOf">[256] the value of each pixel byte; that of 0 is 0.</param>
    /// <param name="columns">Where to note the bytes by column as well, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(int row, int segment, ReadOnlySpan<byte> pixels, float* valueOf, SparseColumns? columns)
    {
        var (start, end) = Segment(segment);
        var first = (nint)((segment * Rows) + row) * _capacity;
        var indices = _firstIndex + first;
        var values = _firstValue + first;
        var column = columns is null ? null : columns.Bytes + row;
        var stride = columns?.Stride ?? 0;
        var count = 0;
        fixed (byte* source = pixels)
        {
            var input = start;
            for (; input + 32 <= end; input += 32)
            {
                var mask = ~Vector256.Equals(Vector256.Load(source + input), Vector256<byte>.Zero).ExtractMostSignificantBits();
                while (mask != 0)
                {
                    var at = input + BitOperations.TrailingZeroCount(mask);
                    mask &= mask - 1;
                    var value = source[at];
                    indices[count] = at;
                    values[count++] = valueOf[value];
                    if (column != null)
                    {
                        column[(nint)at * stride] = value;
                    }
                }
            }

            for (; input < end; input++)
            {
                var value = source[input];
                if (value != 0)
                {
                    indices[count] = input;
                    values[count++] = valueOf[value];
                    if (column != null)
                    {
                        column[(nint)input * stride] = value;
                    }
                }
            }
        }

        _counts[(segment * Rows) + row] = count;
    }
}

/// <summary>What is not zero of a stretch of one row: input numbers, ascending, and the values beside them.</summary>
internal readonly unsafe ref struct SparseList(int* indices, float* values, int count)
{
    /// <summary>[<see cref="Count"/>] which inputs.</summary>
    public readonly int* Indices = indices;

    /// <summary>[<see cref="Count"/>] their values.</summary>
    public readonly float* Values = values;

    /// <summary>How many.</summary>
    public readonly int Count = count;
}

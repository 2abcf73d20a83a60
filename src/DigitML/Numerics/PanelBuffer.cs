namespace DigitML.Numerics;

/// <summary>
/// Floats at an address that is a multiple of 64 bytes and never moves, zero at first: a vector of 512 bits that
/// straddles two cache lines would cost twice.
/// </summary>
/// <remarks>
/// The memory belongs to the garbage collector (its pinned heap), so nothing has to be released; the object must be
/// reachable for as long as <see cref="Pointer"/> is used.
/// </remarks>
internal sealed unsafe class PanelBuffer
{
    private const int AlignmentBytes = 64;
    private readonly float[] _array;
    private readonly int _start;

    /// <summary>Allocates.</summary>
    /// <param name="length">Floats, at least 0.</param>
    public PanelBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _array = GC.AllocateArray<float>(checked(length + (AlignmentBytes / sizeof(float))), pinned: true);
        Length = length;
        var address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array));
        var aligned = (address + AlignmentBytes - 1) & ~(nint)(AlignmentBytes - 1);
        _start = (int)((aligned - address) / sizeof(float));
        Pointer = (float*)aligned;
    }

    /// <summary>Floats in the buffer.</summary>
    public int Length { get; }

    /// <summary>The first float.</summary>
    public float* Pointer { get; }

    /// <summary>All of it.</summary>
    public Span<float> Span => _array.AsSpan(_start, Length);
}

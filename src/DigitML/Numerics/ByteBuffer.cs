using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitML.Numerics;

/// <summary>Numbers of one to four bytes as <see cref="PanelBuffer"/> holds floats: where a cache line begins, never moved, zero at first.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal sealed unsafe class ByteBuffer<T>
    where T : unmanaged
{
    private const int AlignmentBytes = 64;
    private readonly T[] _array;

    /// <summary>Allocates.</summary>
    /// <param name="length">Numbers, at least 0.</param>
    public ByteBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _array = GC.AllocateArray<T>(checked(length + (AlignmentBytes / sizeof(T))), pinned: true);
        Length = length;
        Pointer = (T*)(((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + AlignmentBytes - 1) & ~(nint)(AlignmentBytes - 1));
    }

    /// <summary>Numbers in the buffer.</summary>
    public int Length { get; }

    /// <summary>The first.</summary>
    public T* Pointer { get; }
}

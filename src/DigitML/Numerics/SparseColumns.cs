using System.Runtime.InteropServices;

namespace DigitML.Numerics;

/// <summary>A batch's pixels by column: all pictures' bytes of the first pixel, then of the second; 0 where there is no ink.</summary>
internal sealed unsafe class SparseColumns
{
    private readonly byte[] _bytes;

    /// <summary>Allocates zeros.</summary>
    /// <param name="inputs">Pixels of a picture.</param>
    /// <param name="batch">Pictures at most.</param>
    /// <param name="valueOf">[256] the value of each pixel byte; that of 0 is 0.</param>
    public SparseColumns(int inputs, int batch, float* valueOf)
    {
        Stride = Panels.Padded(batch);
        // One line more than needed, so that the first column can start on a line of its own.
        _bytes = GC.AllocateArray<byte>(checked((Panels.Padded(inputs) * Stride) + 64), pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
        Bytes = (byte*)((address + 63) & ~(nint)63);
        ValueOf = valueOf;
    }

    /// <summary>Bytes between two columns: the batch, padded to 32.</summary>
    public int Stride { get; }

    /// <summary>[inputs padded, <see cref="Stride"/>].</summary>
    public byte* Bytes { get; }

    /// <summary>[256] the value of each pixel byte.</summary>
    public float* ValueOf { get; }

    /// <summary>Empties columns from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public void Clear(int start, int end) => NativeMemory.Clear(Bytes + ((nint)start * Stride), (nuint)(end - start) * (nuint)Stride);
}

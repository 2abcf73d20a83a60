using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <summary>Asks for memory before it is needed: shuffled pictures lie anywhere, and no processor guesses where the next one is.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Pictures to ask ahead: about what is worked on while memory answers.</summary>
    public const int RowsAhead = 4;

    private const int LineBytes = 64;

    /// <summary>Asks for all cache lines of <paramref name="bytes"/>, where the processor can be asked; never faults.</summary>
    public static void Lines(ReadOnlySpan<byte> bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        fixed (byte* start = bytes)
        {
            for (var offset = 0; offset < bytes.Length; offset += LineBytes)
            {
                Sse.Prefetch0(start + offset);
            }
        }
    }
}

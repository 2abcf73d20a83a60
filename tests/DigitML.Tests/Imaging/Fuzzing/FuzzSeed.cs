namespace DigitML.Tests.Imaging.Fuzzing;

/// <summary>A sound file to start from.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Boundaries">Where its parts begin, and its length last: parts are changed, repeated, dropped and moved as wholes.</param>
internal sealed record FuzzSeed(byte[] Bytes, int[] Boundaries)
{
    /// <summary>What lies inside a packing or a checksum that would hide every change made to it; empty when nothing does.</summary>
    public byte[] Inner { get; init; } = [];

    /// <summary>A file around a changed <see cref="Inner"/>.</summary>
    public Func<byte[], byte[]> Rebuild { get; init; } = inner => inner;

    /// <summary>Makes the checksums of a changed file right again, in place.</summary>
    public Action<byte[]> Repair { get; init; } = _ => { };
}

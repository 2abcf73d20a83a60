using System.Buffers.Binary;
using System.Text;

namespace DigitML.Tests.Imaging.Fuzzing;

/// <summary>Damages files: the same seed and number give the same file.</summary>
internal sealed class FuzzMutator(FuzzSeed[] seeds, int seed)
{
    private const int LongestFile = 32_768;

    private static readonly byte[] _extremes = [0, 1, 2, 0x10, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];
    private static readonly uint[] _wideExtremes = [0, 1, 0x7F, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    /// <summary>A damaged file.</summary>
    /// <param name="number">Which one.</param>
    public byte[] Create(long number)
    {
        // 64-bit FNV-1a over both, folded: neighbours get unrelated streams.
        var hash = 14_695_981_039_346_656_037;
        foreach (var part in (ReadOnlySpan<ulong>)[(ulong)seed, (ulong)number & 0xFFFF, (ulong)number >> 16])
        {
            hash = (hash ^ part) * 1_099_511_628_211;
        }

        var random = new Random((int)(hash ^ (hash >> 32)));
        var from = seeds[random.Next(seeds.Length)];
        if (from.Inner.Length > 0 && random.Next(3) == 0)
        {
            return from.Rebuild(Mutate(from.Inner, [0, from.Inner.Length], from.Inner, random));
        }

        var other = seeds[random.Next(seeds.Length)].Bytes;
        var file = Mutate(from.Bytes, from.Boundaries, other, random);
        if (random.Next(8) != 0)
        {
            from.Repair(file);
        }

        return file;
    }

    private static byte[] Mutate(byte[] original, int[] boundaries, byte[] other, Random random)
    {
        var file = original;
        if (boundaries.Length > 2 && random.Next(5) == 0)
        {
            file = MoveParts(file, boundaries, random);
        }

        for (var changes = 1 + random.Next(random.Next(6) == 0 ? 12 : 3); changes > 0 && file.Length > 0; changes--)
        {
            // A place within a part, so that short parts are met as often as long ones.
            var part = random.Next(boundaries.Length - 1);
            var at = Math.Min(boundaries[part] + random.Next(Math.Max(1, boundaries[part + 1] - boundaries[part])), file.Length - 1);
            file = ReferenceEquals(file, original) ? (byte[])file.Clone() : file;
            file = Change(file, at, other, random);
        }

        return file;
    }

    private static byte[] Change(byte[] file, int at, byte[] other, Random random)
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case 3:
                file[at] = (byte)random.Next(256);
                return file;
            case 4:
                file[at] = _extremes[random.Next(_extremes.Length)];
                return file;
            case 5 or 6:
                WriteNumber(file.AsSpan(at), _wideExtremes[random.Next(_wideExtremes.Length)] + (uint)random.Next(-1, 2), random.Next(4));
                return file;
            case 7:
                // Numbers written out.
                return Splice(file, at, random.Next(3), Encoding.ASCII.GetBytes($"{_wideExtremes[random.Next(_wideExtremes.Length)]} "));
            case 8:
                return file[..at];
            case 9:
                return Splice(file, at, Math.Min(random.Next(1, 9), file.Length - at), []);
            case 10:
                var inserted = new byte[random.Next(1, 17)];
                random.NextBytes(inserted);
                return Splice(file, at, 0, inserted);
            default:
                return Splice(file, at, file.Length - at, other.AsSpan(random.Next(other.Length)));
        }
    }

    private static void WriteNumber(Span<byte> place, uint value, int kind)
    {
        if (kind < 2 && place.Length >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, kind == 0 ? value : BinaryPrimitives.ReverseEndianness(value));
        }
        else if (place.Length >= 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(place, kind == 2 ? (ushort)value : BinaryPrimitives.ReverseEndianness((ushort)value));
        }
    }

    // Repeats, drops or exchanges whole parts.
    private static byte[] MoveParts(byte[] file, int[] boundaries, Random random)
    {
        var order = Enumerable.Range(0, boundaries.Length - 1).ToList();
        var (one, two) = (random.Next(order.Count), random.Next(order.Count));
        switch (random.Next(3))
        {
            case 0:
                order.Insert(one, order[two]);
                break;
            case 1:
                order.RemoveAt(one);
                break;
            default:
                (order[one], order[two]) = (order[two], order[one]);
                break;
        }

        using var moved = new MemoryStream();
        order.ForEach(part => moved.Write(file.AsSpan(boundaries[part], boundaries[part + 1] - boundaries[part])));
        return moved.ToArray();
    }

    private static byte[] Splice(byte[] file, int at, int removed, ReadOnlySpan<byte> inserted)
    {
        removed = Math.Min(removed, file.Length - at);
        byte[] spliced = [.. file.AsSpan(0, at), .. inserted, .. file.AsSpan(at + removed)];
        return spliced.Length <= LongestFile ? spliced : spliced[..LongestFile];
    }
}

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

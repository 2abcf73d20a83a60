using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <summary>The caches of one core, as the processor tells them.</summary>
/// <param name="Level1">Bytes of the first-level data cache.</param>
/// <param name="Level2">Bytes of the second-level cache.</param>
internal readonly record struct CacheSizes(int Level1, int Level2)
{
    private const int MostBytes = 1 << 30;

    /// <summary>What the smallest of today's processors have, where nothing tells.</summary>
    public static readonly CacheSizes Smallest = new(32 * 1024, 256 * 1024);

    /// <summary>This machine's.</summary>
    public static CacheSizes Here { get; } = OrSmallest(X86Base.IsSupported ? FromProcessor() : FromSystem("/sys/devices/system/cpu/cpu0/cache"));

    /// <summary>Sizes that were not found, or cannot be, replaced.</summary>
    internal static CacheSizes OrSmallest(CacheSizes found) => new(
        found.Level1 is >= 8 * 1024 and <= MostBytes ? found.Level1 : Smallest.Level1,
        found.Level2 is >= 64 * 1024 and <= MostBytes ? found.Level2 : Smallest.Level2);

    /// <summary>Intel's leaf 4 and AMD's 8000001D, which have the same form: a cache each, until one has no type.</summary>
    private static CacheSizes FromProcessor()
    {
        var leaf = HasLeaf(unchecked((int)0x80000000), unchecked((int)0x8000001D)) && IsAmd() ? unchecked((int)0x8000001D) : 4;
        if (leaf == 4 && !HasLeaf(0, 4))
        {
            return default;
        }

        var (level1, level2) = (0, 0);
        for (var cache = 0; cache < 16; cache++)
        {
            var (kind, shape, sets, _) = X86Base.CpuId(leaf, cache);
            const int Instructions = 2;
            if ((kind & 31) == 0)
            {
                break;
            }

            if ((kind & 31) != Instructions)
            {
                var bytes = (long)(((shape >> 22) & 1023) + 1) * (((shape >> 12) & 1023) + 1) * ((shape & 4095) + 1) * (sets + 1L);
                Take((kind >> 5) & 7, (int)Math.Clamp(bytes, 0, int.MaxValue), ref level1, ref level2);
            }
        }

        return new CacheSizes(level1, level2);
    }

    private static bool HasLeaf(int group, int leaf) => unchecked((uint)X86Base.CpuId(group, 0).Eax) >= unchecked((uint)leaf);

    /// <summary>AuthenticAMD or HygonGenuine, whose leaf 4 is empty.</summary>
    private static bool IsAmd() => X86Base.CpuId(0, 0).Ebx is 0x68747541 or 0x6F677948;

    /// <summary>What Linux writes of the first processor's caches.</summary>
    /// <param name="folder">With index0, index1 and so on.</param>
    internal static CacheSizes FromSystem(string folder)
    {
        var (level1, level2) = (0, 0);
        try
        {
            foreach (var cache in Directory.Exists(folder) ? Directory.GetDirectories(folder, "index*") : [])
            {
                var kind = File.ReadAllText(Path.Combine(cache, "type")).Trim();
                var size = File.ReadAllText(Path.Combine(cache, "size")).Trim();
                if (kind is "Data" or "Unified"
                    && int.TryParse(File.ReadAllText(Path.Combine(cache, "level")), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var level)
                    && size.EndsWith('K')
                    && int.TryParse(size.AsSpan(0, size.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
                    && kilobytes <= MostBytes / 1024)
                {
                    Take(level, kilobytes * 1024, ref level1, ref level2);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A container may hide them; sizes that are not known cost a little time and nothing else.
        }

        return new CacheSizes(level1, level2);
    }

    private static void Take(int level, int bytes, ref int level1, ref int level2)
    {
        if (level == 1)
        {
            level1 = bytes;
        }
        else if (level == 2)
        {
            level2 = bytes;
        }
    }
}

using DigitML.Numerics;
using DigitML.Tests.IO;

namespace DigitML.Tests.Numerics;

public class CacheSizesTests
{
    [Fact]
    public void Here_IsWhatTheSystemSays()
    {
        // A machine without that folder, and one that is not x86 and has it nevertheless, are right by definition.
        var found = CacheSizes.FromSystem("/sys/devices/system/cpu/cpu0/cache");
        Assert.InRange(CacheSizes.Here.Level1, 8 * 1024, 1024 * 1024);
        Assert.InRange(CacheSizes.Here.Level2, 64 * 1024, 64 * 1024 * 1024);
        if (found is { Level1: > 0, Level2: > 0 })
        {
            Assert.Equal(found, CacheSizes.Here);
        }
    }

    [Fact]
    public void FromSystem_InstructionsAndOtherLevels_AreLeftOut()
    {
        using var folder = new TemporaryFolder();
        Cache(folder, 0, "1", "Instruction", "64K");
        Cache(folder, 1, "1", "Data", "48K");
        Cache(folder, 2, "2", "Unified", "1280K");
        Cache(folder, 3, "3", "Unified", "33792K");
        Assert.Equal(new CacheSizes(48 * 1024, 1280 * 1024), CacheSizes.FromSystem(folder.FullName));
    }

    [Theory]
    [InlineData("two", "Data", "48K")]
    [InlineData("1", "Data", "48")]
    [InlineData("1", "Data", "99999999999K")]
    [InlineData("1", "Data", "-1K")]
    [InlineData("1", "Data", "4K")]
    [InlineData("", "", "")]
    public void FromSystem_WhatCannotBe_IsTheSmallest(string level, string kind, string size)
    {
        using var folder = new TemporaryFolder();
        Cache(folder, 0, level, kind, size);
        Assert.Equal(CacheSizes.Smallest, CacheSizes.OrSmallest(CacheSizes.FromSystem(folder.FullName)));
    }

    [Fact]
    public void FromSystem_NoFolder_IsNothing() => Assert.Equal(default, CacheSizes.FromSystem(Path.Combine(Path.GetTempPath(), "no such folder")));

    [Fact]
    public void Blocking_FitsTheCachesAndIsWhole()
    {
        Assert.Equal(0, Blocking.Depth % Panels.Width);
        Assert.InRange(Blocking.Depth * Panels.Width * sizeof(float), 1, CacheSizes.Here.Level1);
        Assert.InRange((long)Blocking.RowTiles * Kernels.TileRows * Blocking.Depth * sizeof(float), 1, CacheSizes.Here.Level2);
        Assert.True(Blocking.Panels >= 1);
    }

    private static void Cache(TemporaryFolder folder, int index, string level, string kind, string size)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder.FullName, FormattableString.Invariant($"index{index}"))).FullName;
        File.WriteAllText(Path.Combine(path, "level"), level + "\n");
        File.WriteAllText(Path.Combine(path, "type"), kind + "\n");
        File.WriteAllText(Path.Combine(path, "size"), size + "\n");
    }
}

using DigitML.Tests.Imaging.Fuzzing;

namespace DigitML.Keras.Tests.Fuzzing;

public class KerasFuzzTests
{
    // The program tests/DigitML.Fuzz runs as many as it is told; these are the share for every build.
    private const int Share = 4_000;

    [Fact]
    public void Load_DamagedFiles_GivesAModelOrOneLine()
    {
        var report = new FuzzRun(new KerasDecoder(), new FuzzMutator(KerasSeeds.All, 61)).Run(0, Share, threads: 1);
        Assert.Empty(report.Findings);
        Assert.Equal(Share, report.Count);

        // Both outcomes must be common, or the damage is too light or too heavy to find anything.
        Assert.InRange(report.Read, Share / 50, Share * 49L / 50);
    }

    [Fact]
    public void Seeds_Undamaged_AreRead()
    {
        foreach (var seed in KerasSeeds.All)
        {
            Assert.Equal(20, KerasModel.Parse(seed.Bytes, "model", null).InputCount);
            if (seed.Inner.Length > 0)
            {
                Assert.Equal(KerasModel.Parse(seed.Bytes, "model", null).Hash, KerasModel.Parse(seed.Rebuild(seed.Inner), "model", null).Hash);
            }
        }
    }
}

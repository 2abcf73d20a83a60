using DigitML.Imaging;
using DigitML.IO;
using DigitML.Tests.Imaging.Fuzzing;

namespace DigitML.Tests.Data.Fuzzing;

/// <summary>A share of the damaged data files and models that <c>tests/DigitML.Fuzz</c> sends through their readers.</summary>
public class DataFuzzTests
{
    [Fact]
    public async Task Read_ParquetWhoseFooterIsCutAnywhere_IsRefusedAndNotReadForEver()
    {
        var (decoder, seeds) = DataSeeds.All.Single(kind => kind.Decoder.Format == "Parquet");
        var file = seeds[0].Bytes;
        var length = BitConverter.ToInt32(file, file.Length - 8);
        var start = file.Length - 8 - length;
        await Task.Run(
            () =>
            {
                for (var kept = 0; kept < length; kept++)
                {
                    // The tail is as it should be for the footer that is left.
                    byte[] cut = [.. file.AsSpan(0, start + kept), .. BitConverter.GetBytes(kept), .. "PAR1"u8];
                    Assert.Throws<DigitException>(() => decoder.Decode(cut, DecodeOptions.Default));
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(51_744)]
    [InlineData(70_484)]
    [InlineData(71_114)]
    [InlineData(99_249)]
    public void Read_ParquetThatClaimsMoreThanItHas_AllocatesNothingForIt(long number)
    {
        // A page's header that lies elsewhere, statistics of a gigabyte, a field of another type: Parquet.Net makes room for each.
        var (decoder, seeds) = DataSeeds.All.Single(kind => kind.Decoder.Format == "Parquet");
        Assert.Empty(new FuzzRun(decoder, new FuzzMutator(seeds, seed: 1)).Run(number, 1, threads: 1).Findings);
    }

    [Theory]
    [InlineData("NumPy", 4000)]
    [InlineData("NPZ", 2000)]
    [InlineData("IDX", 4000)]
    [InlineData("CSV", 2000)]
    [InlineData("Parquet", 600)]
    [InlineData("ONNX", 2000)]
    public void Read_DamagedFiles_EndInDataOrInOneLine(string format, int count)
    {
        var (decoder, seeds) = DataSeeds.All.Single(kind => kind.Decoder.Format == format);
        var run = new FuzzRun(decoder, new FuzzMutator(seeds, seed: 5)) { AllowedBytes = format == "Parquet" ? DataSeeds.ParquetBytes : FuzzRun.UsualBytes };
        Assert.Empty(run.Run(0, count, threads: 1).Findings);
    }
}

using DigitML.Tests.Imaging.Fuzzing;

namespace DigitML.Tests.Data.Fuzzing;

/// <summary>A share of the damaged data files and models that <c>tests/DigitML.Fuzz</c> sends through their readers.</summary>
public class DataFuzzTests
{
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

using DigitML.Data;

namespace DigitML.Tests.Data;

public class LabelledImagesTests
{
    [Fact]
    public void Constructor_LabelsOfAnotherCount_NamesBothCounts()
    {
        var error = Assert.Throws<ArgumentException>(() => new LabelledImages("x", 3, 2, new byte[12], new byte[3]));
        Assert.Contains("each of 2 images but got 3 labels", error.Message);
    }
}

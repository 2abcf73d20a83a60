using System.Text.Json;
using DigitML.Imaging;
using DigitML.Preprocessing;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class ReadingJsonTests
{
    [Fact]
    public void Write_OneDigit_FollowsTheContract()
    {
        var reading = new DigitML.Reading.Reading
        {
            Text = "7",
            Verdict = Verdict.Digit,
            Digits =
            [
                new ReadDigit
                {
                    Digit = 7,
                    Probability = 0.99912345f,
                    RunnerUp = 1,
                    RunnerUpProbability = 0.0005f,
                    Box = new PixelBox(11, 13, 17, 19),
                    Verdict = Verdict.Digit,
                    Probabilities = new float[10],
                    Image = new GreyImage(28, 28, new byte[784]),
                },
            ],
            Steps = [],
            Width = 101,
            Height = 77,
        };

        var line = ReadingJson.Write("a \"quoted\" ü.png", reading);

        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        Assert.Equal("a \"quoted\" ü.png", root.GetProperty("file").GetString());
        Assert.Equal("7", root.GetProperty("text").GetString());
        Assert.Equal("digit", root.GetProperty("verdict").GetString());
        var digit = root.GetProperty("digits")[0];
        Assert.Equal(7, digit.GetProperty("digit").GetInt32());
        Assert.Equal(0.999123, digit.GetProperty("probability").GetDouble());
        Assert.Equal(19, digit.GetProperty("box").GetProperty("height").GetInt32());
        Assert.Equal("digit", digit.GetProperty("verdict").GetString());
    }

    [Fact]
    public void WriteError_AMessage_HoldsFileAndErrorAlone() =>
        Assert.Equal("""{"file":"b.png","error":"b.png: the file is empty."}""", ReadingJson.WriteError("b.png", "b.png: the file is empty."));

    [Theory]
    [InlineData(Verdict.Digit, "digit")]
    [InlineData(Verdict.Ambiguous, "ambiguous")]
    [InlineData(Verdict.NotADigit, "not-a-digit")]
    [InlineData(Verdict.Blank, "blank")]
    public void ToName_EveryVerdict_IsTheContracts(Verdict verdict, string name) => Assert.Equal(name, verdict.ToName());
}

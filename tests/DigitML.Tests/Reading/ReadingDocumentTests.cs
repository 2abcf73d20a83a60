using System.Text;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class ReadingDocumentTests
{
    [Fact]
    public void ToJson_OneDigit_FollowsTheContract()
    {
        var reading = new ReadingResult
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

        const string line = """{"file":"a \"quoted\" ü.png","text":"7","verdict":"digit","width":101,"height":77,"digits":[{"digit":7,"probability":0.999123,"box":{"x":11,"y":13,"width":17,"height":19},"verdict":"digit","runnerUp":1,"runnerUpProbability":0.0005}]}""";
        Assert.Equal(line, reading.ToJson("a \"quoted\" ü.png"));
        Assert.Equal(line, Encoding.UTF8.GetString(ReadingDocument.Of("a \"quoted\" ü.png", reading).ToUtf8Json()));
    }

    [Fact]
    public void ToJson_AnError_HoldsFileAndErrorAlone() =>
        Assert.Equal("""{"file":"b.png","error":"b.png: the file is empty."}""", new ReadingErrorDocument("b.png", "b.png: the file is empty.").ToJson());

    [Theory]
    [InlineData(null, "")]
    [InlineData(3, ",\"label\":3")]
    public void ToJson_APredictionOfADataFile_HoldsItsPlaceAndTheProbabilityAsItIs(int? label, string end)
    {
        var prediction = new Prediction(new float[] { 0.00087654f, 0.99912345f });

        var line = PredictionDocument.Of("test.csv", 41, prediction, 29, 31, label).ToJson();

        Assert.Equal("""{"file":"test.csv","index":41,"text":"1","digits":[{"digit":1,"probability":0.99912345,"box":{"x":0,"y":0,"width":29,"height":31}}]""" + end + "}", line);
    }

    [Theory]
    [InlineData(Verdict.Digit, "digit")]
    [InlineData(Verdict.Ambiguous, "ambiguous")]
    [InlineData(Verdict.NotADigit, "not-a-digit")]
    [InlineData(Verdict.Blank, "blank")]
    public void ToName_EveryVerdict_IsTheContracts(Verdict verdict, string name) => Assert.Equal(name, verdict.ToName());
}

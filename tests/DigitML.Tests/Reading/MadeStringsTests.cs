using System.Globalization;
using DigitML.Data;
using DigitML.Measure;
using DigitML.Models;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Tests.Reading;

/// <summary>
/// A sample of made strings, rows and amounts that the shipped model and the lattice read, so that no change loses them unseen: of synthetic digits,
/// which are at hand everywhere and wilder than people's, and of MNIST's that the model validated on. <c>artifacts/reading.md</c> has the figures.
/// </summary>
public class MadeStringsTests
{
    private const int Count = 30;

    private static readonly Lazy<LabelledImages> s_synthetic = new(() => SyntheticDigits.Create(1000, 17));

    [Theory]
    [InlineData("string", 0.5)]
    [InlineData("string-touching", 0.4)]
    [InlineData("rows", 0.68)]
    [InlineData("amount", 0.5)]
    [InlineData("cheque", 0.13)]
    [InlineData("cells", 0.36)]
    public void Read_StringsOfSyntheticDigits_AreRightByLineAsOftenAsTheyWere(string kind, double least) => AssertRight(kind, least, s_synthetic.Value);

    [Theory]
    [InlineData("string", 0.83)]
    [InlineData("string-touching", 0.63)]
    [InlineData("string-ruled", 0.86)]
    [InlineData("rows", 0.76)]
    [InlineData("column", 0.9)]
    [InlineData("amount", 0.65)]
    [InlineData("cheque", 0.73)]
    [InlineData("cells", 0.8)]
    [InlineData("mixed", 0.73)]
    [InlineData("object-string", 0.76)]
    [InlineData("object-rows", 0.85)]
    public async Task Read_StringsOfMnistsDigits_AreRightByLineAsOftenAsTheyWere(string kind, double least)
    {
        var digits = await Mnist.LoadAsync(RealMnist.FolderOrSkip(), TestContext.Current.CancellationToken);
        AssertRight(kind, least, TrainingData.Split(digits.Train, ReaderTrainer.Recipe.ValidationFraction, ReaderTrainer.Recipe.Seed).ValidationImages());
    }

    [Fact]
    public void Read_TouchingDigitsThatThePictureOfOneWouldRefuse_AreDoubtedAndInTheText()
    {
        var reader = new DigitReader();
        var refused = PictureReading.AmongDigitsShare * double.Parse(ShippedModel.Mlp.Metadata[TemperatureScaling.RejectionMetadataKey], CultureInfo.InvariantCulture);
        var source = MadeKinds.SourceFor("string-touching", s_synthetic.Value, 5);
        var doubted = 0;
        for (var i = 0; i < 2 * Count; i++)
        {
            var reading = reader.Read(MadeKinds.Make("string-touching", source).Image);

            Assert.Equal(reading.Digits.Count(digit => digit.Verdict != Verdict.NotADigit), reading.Text.Count(char.IsAsciiDigit));
            var faint = reading.Digits.Where(digit => digit.Probability < refused).ToArray();
            Assert.All(faint, digit => Assert.NotEqual(Verdict.Digit, digit.Verdict));
            doubted += faint.Count(digit => digit.Verdict == Verdict.Ambiguous);
        }

        Assert.True(doubted > 0, "none doubted");
    }

    private static void AssertRight(string kind, double least, LabelledImages digits)
    {
        var reader = new DigitReader();
        var source = MadeKinds.SourceFor(kind, digits, 5);
        int lines = 0, right = 0;
        for (var i = 0; i < Count; i++)
        {
            var made = MadeKinds.Make(kind, source);
            var expected = made.Text.Split('\n');
            lines += expected.Length;
            right += expected.Zip(reader.Read(made.Image).Text.Split('\n')).Count(pair => pair.First == pair.Second);
        }

        // Floors are some four of thirty below what was measured: a change, and no chance.
        Assert.True(right >= least * lines, FormattableString.Invariant($"{kind}: {right} of {lines} lines right, of which {least:P0} are asked for"));
    }
}

using DigitML.Data;
using DigitML.Measure;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

/// <summary>
/// A sample of made strings, rows and amounts that the shipped model and the lattice read, so that no change loses them unseen. Made of synthetic
/// digits, which are at hand everywhere; <c>artifacts/reading.md</c> has the figures for MNIST's.
/// </summary>
public class MadeStringsTests
{
    private const int Count = 30;

    private static readonly Lazy<LabelledImages> s_digits = new(() => SyntheticDigits.Create(1000, 17));

    [Theory]
    [InlineData("string", 0.8)]
    [InlineData("string-touching", 0.5)]
    [InlineData("rows", 0.8)]
    [InlineData("amount", 0.6)]
    [InlineData("cheque", 0.3)]
    [InlineData("cells", 0.5)]
    public void Read_MadeStrings_AreRightByLineAsOftenAsTheyWere(string kind, double least)
    {
        var reader = new DigitReader();
        var source = MadeKinds.SourceFor(kind, s_digits.Value, 5);
        int lines = 0, right = 0;
        for (var i = 0; i < Count; i++)
        {
            var made = MadeKinds.Make(kind, source);
            var expected = made.Text.Split('\n');
            lines += expected.Length;
            right += expected.Zip(reader.Read(made.Image).Text.Split('\n')).Count(pair => pair.First == pair.Second);
        }

        Assert.True(right >= least * lines, FormattableString.Invariant($"{kind}: {right} of {lines} lines right, of which {least:P0} are asked for"));
    }
}

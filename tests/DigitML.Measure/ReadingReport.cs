using System.Globalization;
using System.Text;
using DigitML.Data;
using DigitML.IO;
using DigitML.Reading;

namespace DigitML.Measure;

/// <summary>Writes <c>artifacts/reading.md</c>: how the shipped model reads pictures.</summary>
internal static class ReadingReport
{
    /// <summary>Measures, minutes, and writes.</summary>
    public static void Write(string file, LabelledImages digits, CommandOptions options)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("# Reading pictures");
        text.WriteLine();
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The shipped model (SHA-256 {ShippedModel.Mlp.Hash[..12]}…), {DateTime.UtcNow:yyyy-MM-dd}, by `dotnet run --project tests/DigitML.Measure -c Release -- report artifacts/reading.md --count {options.Number("count", 100)} --seed {options.Number("seed", 1)}{(options.Text("letters") is null ? "`" : " --letters` and a folder of pictures of printed letters")}."));
        text.WriteLine();
        text.WriteLine("## MNIST's test digits as pictures, each said to hold one digit");
        text.WriteLine();
        Block(text, output => ModelMeasurement.Mnist(ShippedModel.Mlp, digits, output));
        text.WriteLine("## What is refused when 99 % of MNIST's test digits are kept");
        text.WriteLine();
        Block(text, output => ModelMeasurement.Refusals(ShippedModel.Mlp, digits, options, output));
        text.WriteLine("## Made pictures, kind by kind");
        text.WriteLine();
        text.WriteLine("MNIST's test digits, written by other pens and hands on papers, scanned, photographed, drawn. `right` counts pictures whose");
        text.WriteLine("whole text is right, `lines` single lines of it, `refused` pictures in which no digit was seen. No rule was tuned on the");
        text.WriteLine("kinds with a star, and no network trained on them; of single digits that are not held back the training frames know");
        text.WriteLine("other digits in the like.");
        text.WriteLine();
        Block(text, output => new KindMeasurement(ShippedModel.Mlp, digits, options).Run(output));
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Block(StringWriter text, Action<TextWriter> measure)
    {
        text.WriteLine("```text");
        measure(text);
        text.WriteLine("```");
        text.WriteLine();
    }
}

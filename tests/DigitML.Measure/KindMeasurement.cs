using System.Diagnostics;
using System.Globalization;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Measure;

/// <summary>Reads made pictures and counts what is right; pictures that were read wrongly can be kept, each by itself and on contact sheets.</summary>
internal sealed class KindMeasurement(Mlp model, LabelledImages digits, CommandOptions options)
{
    private const int MostFailures = 36;

    /// <summary>Of what was read in a file's name: a file system takes some two hundred letters.</summary>
    private const int LongestName = 100;

    public void Run(TextWriter output)
    {
        output.WriteLine("kind              pictures  right   lines   refused  ms a picture");
        foreach (var kind in MadeKinds.Matching(options.Text("kind")))
        {
            output.WriteLine(Measure(kind));
        }
    }

    private string Measure(string kind)
    {
        var reader = new DigitReader(model, new ReaderOptions { KeepSteps = options.Text("failures") is not null, HasLines = MadeKinds.HasLines(kind) });
        var source = MadeKinds.SourceFor(kind, digits, options.Number("seed", 1));
        var count = options.Number("count", 100);
        int right = 0, refused = 0, lines = 0, rightLines = 0;
        var milliseconds = 0.0;
        var failures = new List<GreyImage>();
        for (var i = 0; i < count; i++)
        {
            var made = MadeKinds.Make(kind, source);
            var start = Stopwatch.GetTimestamp();
            var reading = reader.Read(made.Image, MadeKinds.IsSingle(kind));
            milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var expected = made.Text.Split('\n');
            lines += expected.Length;
            rightLines += expected.Zip(reading.Text.Split('\n')).Count(pair => pair.First == pair.Second);
            refused += reading.Verdict is Verdict.NotADigit or Verdict.Blank ? 1 : 0;
            if (reading.Text == made.Text)
            {
                right++;
            }
            else if (failures.Count < 2 * MostFailures && reading.Steps.Count > 0)
            {
                Directory.CreateDirectory(options.Text("failures")!);
                var text = reading.Text.Replace('\n', '_');
                PngEncoder.Save(Path.Combine(options.Text("failures")!, FormattableString.Invariant($"{kind}-{i:000}-{expected[0]}-as-{text[..Math.Min(text.Length, LongestName)]}.png")), made.Image);
                failures.Add(made.Image);
                failures.Add(MadeKinds.IsSingle(kind) && reading.Digits.Count > 0 ? reading.Digits[0].Image : reading.Steps[^1].Picture);
            }
        }

        if (options.Text("failures") is { } folder && failures.Count > 0)
        {
            PngEncoder.Save(Path.Combine(folder, kind + ".png"), MadeKinds.IsSingle(kind) ? ContactSheet.Make(failures, 12, 90) : ContactSheet.Make(failures, 4, 280));
        }

        var mark = MadeKinds.IsHeldBack(kind) ? "*" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kind + mark,-18}{count,8}{right / (double)count,8:P1}{rightLines / (double)lines,8:P1}{refused / (double)count,9:P1}{milliseconds / count,10:F1}");
    }
}

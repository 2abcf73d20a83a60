using DigitML.IO;
using DigitML.Reading;
using Spectre.Console;

namespace DigitML.Cli.Views;

/// <summary>What was read in a picture, for people: a line a picture, and on request what the network saw.</summary>
internal static class ReadingView
{
    /// <summary>The heading of <see cref="Line"/>.</summary>
    public const string Heading = "text         verdict       surest doubt   file";

    /// <summary>One picture's line.</summary>
    /// <param name="file">The picture.</param>
    /// <param name="reading">What was read.</param>
    public static string Line(string file, ReadingResult reading)
    {
        var text = reading.Text.Length == 0 ? "-" : reading.Text.Replace("\n", " / ", StringComparison.Ordinal);
        return $"{text,-12} {reading.Verdict.ToName(),-13} {Doubt(reading),-14} {file}";
    }

    /// <summary>Draws each digit as the network saw it, with its box and its two most probable answers.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="reading">What was read.</param>
    public static void Show(Terminal terminal, ReadingResult reading)
    {
        foreach (var digit in reading.Digits)
        {
            var box = digit.Box;
            terminal.Say(FormattableString.Invariant(
                $"  {digit.Digit} {digit.Verdict.ToName()}, {Percent.Sureness(digit.Probability)}, then {digit.RunnerUp} {Percent.Sureness(digit.RunnerUpProbability)}; {box.Width}x{box.Height} at {box.X},{box.Y}"));
            terminal.Screen.Write(new Padder(DigitDrawing.Draw(digit.Image.Pixels, digit.Image.Width, 1, terminal), new Padding(4, 0, 0, 0)));
            terminal.Say();
        }
    }

    /// <summary>The digit that is least sure, with its probability: where to look first.</summary>
    private static string Doubt(ReadingResult reading)
    {
        var doubtful = reading.Digits.Where(digit => digit.Verdict != Verdict.NotADigit).MinBy(digit => digit.Probability);
        return doubtful is null ? "" : FormattableString.Invariant($"{doubtful.Digit} at {Percent.Sureness(doubtful.Probability)}");
    }
}

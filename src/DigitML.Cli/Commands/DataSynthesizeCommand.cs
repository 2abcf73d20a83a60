using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml data synthesize</c>: draws labelled digits and writes them as IDX files whose names say so.</summary>
internal sealed class DataSynthesizeCommand : Command
{
    private const int LargestCount = 1_000_000;
    private readonly Terminal _terminal;
    private readonly Option<int?> _count = OptionOf.Number<int>("--count", "Training digits to draw. [default: 60000]");
    private readonly Option<int?> _testCount = OptionOf.Number<int>("--test-count", "Test digits to draw. [default: 10000]");
    private readonly Option<int?> _seed = OptionOf.Number<int>("--seed", "The same seed draws the same digits. [default: 1]");
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder to write the four files into.",
        HelpName = "DIR",
        Required = true,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public DataSynthesizeCommand(Terminal terminal)
        : base("synthesize", "Draws labelled digits and writes them as four IDX files for train --data and evaluate --data.")
    {
        _terminal = terminal;
        Options.Add(_output);
        Options.Add(_count);
        Options.Add(_testCount);
        Options.Add(_seed);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        var count = Count(parse, _count, 60_000);
        var testCount = Count(parse, _testCount, 10_000);
        var seed = parse.GetValue(_seed) ?? 1;
        var folder = parse.GetRequiredValue(_output);
        OutputFolder.Check(folder, "--output");

        // One series: the test digits go on where the training digits end.
        var train = SyntheticDigits.Create(count, seed);
        var test = SyntheticDigits.Create(testCount, seed, start: count);
        var files = MnistFile.All.Select(file => Path.Combine(folder, $"{DataFile.SyntheticPrefix}{file.Name}.gz")).ToArray();
        Directory.CreateDirectory(folder);
        IdxWriter.WriteImages(train, files[0], files[1]);
        IdxWriter.WriteImages(test, files[2], files[3]);
        _terminal.Say(FormattableString.Invariant($"Drew {count:N0} synthetic digits to train on and {testCount:N0} to test on, seed {seed}:"));
        foreach (var file in files)
        {
            _terminal.Say($"  {file}");
        }

        _terminal.Say($"Next: digitml train --data {folder}");
        return ExitCode.Done;
    }

    private static int Count(ParseResult parse, Option<int?> option, int standard)
    {
        var count = parse.GetValue(option) ?? standard;
        return count is >= 1 and <= LargestCount ? count : throw new DigitException($"{option.Name} must be 1 to {LargestCount}; got {count}.");
    }
}

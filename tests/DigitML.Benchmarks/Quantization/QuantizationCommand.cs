using System.CommandLine;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Quantization;

/// <summary><c>int8</c>: prediction in whole numbers beside floats, in turns: speed, and what it costs in accuracy.</summary>
internal sealed class QuantizationCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _rounds = CommonOptions.Positive("--rounds", "Rounds in turns, of which medians are taken.", 9);
    private readonly Option<int> _epochs = CommonOptions.Positive("--epochs", "Epochs that the thesis's network is trained for before; the wide one a fifth.", 25);

    private readonly Option<int> _threads = CommonOptions.Positive("--threads", "Threads at most: with 1, nothing is measured by the clock, which other programs count in.", 2);

    /// <summary>Creates the command.</summary>
    public QuantizationCommand()
        : base("int8", "Networks in whole numbers (Mlp.Quantize) beside the same in floats, on MNIST's test images: images a second in batches, one image, accuracy.")
    {
        Options.Add(_data);
        Options.Add(_rounds);
        Options.Add(_epochs);
        Options.Add(_threads);
        SetAction(async (parse, cancellationToken) =>
        {
            var table = await QuantizationRun.MeasureAsync(parse.GetValue(_data), parse.GetValue(_rounds), parse.GetValue(_epochs), parse.GetValue(_threads), cancellationToken);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine(table);
        });
    }
}

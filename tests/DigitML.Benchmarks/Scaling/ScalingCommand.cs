using System.CommandLine;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Scaling;

/// <summary><c>scaling</c>: how training time grows with the network, the batch, the data and the threads.</summary>
internal sealed class ScalingCommand : Command
{
    private readonly Option<int> _repeats = CommonOptions.Positive("--repeats", "Epochs measured of each setting, after one that warms up.", 3);

    /// <summary>Creates the command.</summary>
    public ScalingCommand()
        : base("scaling", "Training time against width, depth, batch size, number of images and threads, on synthetic digits.")
    {
        Options.Add(_repeats);
        SetAction(parse =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine(ScalingRun.Measure(parse.GetValue(_repeats)));
        });
    }
}

using System.CommandLine;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Phases;

/// <summary><c>phases</c>: where a training run's time goes, against what the machine could do at best.</summary>
internal sealed class PhasesCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _epochs = CommonOptions.Positive("--epochs", "Epochs of the thesis network; the wide one has a fifth, at least one.", 5);

    /// <summary>Creates the command.</summary>
    public PhasesCommand()
        : base("phases", "The machine's ceilings, and each phase of training against its bound in operations or bytes.")
    {
        Options.Add(_data);
        Options.Add(_epochs);
        SetAction(parse =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine(PhasesRun.Measure(parse.GetValue(_data), parse.GetValue(_epochs)));
        });
    }
}

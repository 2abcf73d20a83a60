using System.CommandLine;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Peers;

/// <summary><c>peers</c>: the same work beside PyTorch, scikit-learn and ONNX Runtime.</summary>
internal sealed class PeersCommand : Command
{
    private readonly PeersOptionSet _options = new();

    /// <summary>Creates the command.</summary>
    public PeersCommand()
        : base("peers", "Training and prediction beside PyTorch, scikit-learn and ONNX Runtime, in turns; prints the ratios.")
    {
        _options.AddTo(this);
        SetAction(parse =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine(PeersRun.Compare(_options.Read(parse)));
        });
    }
}

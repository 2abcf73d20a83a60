using System.CommandLine;
using System.Globalization;
using DigitML.Benchmarks.Reporting;
using DigitML.IO;

namespace DigitML.Benchmarks.Peers;

/// <summary>What decides a comparison with peers.</summary>
/// <param name="PeersFolder">Where their scripts are.</param>
/// <param name="DataFolder">Where MNIST is.</param>
/// <param name="Rounds">Turns of each program.</param>
/// <param name="ThesisEpochs">Epochs of the thesis recipe.</param>
/// <param name="WideEpochs">Epochs of the wide network.</param>
/// <param name="Hogs">Programs that do nothing but take processors while the others are measured.</param>
internal sealed record PeersOptions(string PeersFolder, string DataFolder, int Rounds, int ThesisEpochs, int WideEpochs, int Hogs)
{
    /// <summary>The same as arguments, the busy loops left out.</summary>
    public string[] ToArguments() =>
    [
        "--peers", PeersFolder,
        "--data", DataFolder,
        "--rounds", Rounds.ToString(CultureInfo.InvariantCulture),
        "--epochs", ThesisEpochs.ToString(CultureInfo.InvariantCulture),
        "--wide-epochs", WideEpochs.ToString(CultureInfo.InvariantCulture),
    ];
}

/// <summary>The same on the command line.</summary>
internal sealed class PeersOptionSet
{
    private readonly Option<string?> _peers = new("--peers") { Description = $"The folder with the peers' scripts. Default: {PeerScripts.FolderVariable}, else ../shared/peers.", HelpName = "DIR" };
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _rounds = CommonOptions.Positive("--rounds", "Turns of each program; medians are taken.", 3);
    private readonly Option<int> _epochs = CommonOptions.Positive("--epochs", "Epochs of the thesis recipe.", 25);
    private readonly Option<int> _wideEpochs = CommonOptions.Positive("--wide-epochs", "Epochs of the wide network.", 1);

    private readonly Option<int> _hogs = new("--hogs") { Description = "Busy loops at normal priority beside all that is measured.", HelpName = "N" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _peers, _data, _rounds, _epochs, _wideEpochs, _hogs })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="DigitException">MNIST is not there.</exception>
    public PeersOptions Read(ParseResult parse)
    {
        var peers = parse.GetValue(_peers)
            ?? Environment.GetEnvironmentVariable(PeerScripts.FolderVariable)
            ?? Path.Combine(Repository.Root, "..", "shared", "peers");
        var data = MnistPlace.Find(parse.GetValue(_data))
            ?? throw new DigitException("MNIST is not on this machine, and peers are compared on nothing else. Name its folder with --data or DIGITML_DATA.");
        return new PeersOptions(Path.GetFullPath(peers), data, parse.GetValue(_rounds), parse.GetValue(_epochs), parse.GetValue(_wideEpochs), Math.Clamp(parse.GetValue(_hogs), 0, 64));
    }
}

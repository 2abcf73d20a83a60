using System.CommandLine;
using System.Text.Json;
using DigitML.Cli.Options;
using DigitML.Data;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml data info</c>: says which digits the other commands would take, and what is in them.</summary>
internal sealed class DataInfoCommand : Command
{
    private readonly Terminal _terminal;
    private readonly DataOptionSet _data = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print one line of JSON, and nothing else." };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public DataInfoCommand(Terminal terminal)
        : base("info", "Says which digits the other commands would take, and what is in them.")
    {
        _terminal = terminal;
        _data.AddTo(this);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = parse.GetValue(_json);
        var data = await _data.LoadAsync(parse, _terminal, json ? _terminal.Hushed() : _terminal, cancellationToken);
        var sets = new[] { SummaryOf(data.Train), SummaryOf(data.Test) };
        if (json)
        {
            _terminal.Output.WriteLine(JsonSerializer.Serialize(new { Train = sets[0], Test = sets[1] }, JsonSerializerOptions.Web));
            return ExitCode.Done;
        }

        _terminal.Say();
        var names = data.Train.Images?.ClassNames ?? data.Train.Table!.Details.ClassNames;
        _terminal.Say($"   label{string.Concat(sets.Select((_, i) => $"{(i == 0 ? "train" : "test"),10}"))}");
        for (var label = 0; label < sets[0].LabelCounts.Length; label++)
        {
            _terminal.Say(FormattableString.Invariant($"{(label < names.Count ? names[label] : FormattableString.Invariant($"{label}")),8}{sets[0].LabelCounts[label],10:N0}{sets[1].LabelCounts.ElementAtOrDefault(label),10:N0}"));
        }

        _terminal.Say();
        _terminal.Say($"Train hash: {sets[0].Hash}");
        _terminal.Say($"Test hash:  {sets[1].Hash}");
        return ExitCode.Done;
    }

    private static SetSummary SummaryOf(DataContent data)
    {
        if (data.Images is { } images)
        {
            var counts = new int[images.ClassCount];
            foreach (var label in images.Labels)
            {
                counts[label]++;
            }

            return new SetSummary(images.Name, images.IsSynthetic, images.Count, images.Width, images.Height, counts, images.Hash);
        }

        var table = data.Table!;
        var rows = new int[table.ClassCount];
        foreach (var label in table.Labels)
        {
            rows[label]++;
        }

        return new SetSummary(table.Name, false, table.Count, table.FeatureCount, 1, rows, table.Hash);
    }

    private sealed record SetSummary(string Name, bool Synthetic, int Count, int Width, int Height, int[] LabelCounts, string Hash);
}

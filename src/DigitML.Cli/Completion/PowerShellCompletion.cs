using System.Text;

namespace DigitML.Cli.Completion;

/// <summary>Completion for PowerShell, from 5.1 on. Files are PowerShell's own: it offers them where a script offers nothing.</summary>
internal static class PowerShellCompletion
{
    /// <summary>The script.</summary>
    /// <param name="root">The commands.</param>
    public static string Write(CommandWords root)
    {
        var script = new StringBuilder();
        script.Append(Invariant($$"""
            # Completion of {{root.Name}} for PowerShell. In $PROFILE: {{root.Name}} completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName {{root.Name}} -ScriptBlock {
                param($word, $line, $cursor)
                $commands = @{

            """));
        foreach (var command in root.All)
        {
            Add(script, command.Path, command.Commands.Count > 0
                ? command.Commands.Select(known => (known.Name, known.Description))
                : command.Words.Select(value => (value, value)));
        }

        script.Append("    }\n    $options = @{\n");
        foreach (var command in root.All)
        {
            Add(script, command.Path, command.Options.SelectMany(option => option.Names.Select(alias => (alias, option.Description))));
        }

        script.Append("    }\n    $values = @{\n");
        foreach (var command in root.All)
        {
            foreach (var option in command.Options.Where(option => option.Kind != WordKind.None))
            {
                foreach (var alias in option.Names)
                {
                    Add(script, $"{command.Path} {alias}", option.Words.Select(value => (value, value)));
                }
            }
        }

        script.Append(Invariant($$"""
                }
                $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
                $at = '{{root.Name}}'
                foreach ($typed in $before | Select-Object -Skip 1) {
                    if ($commands.ContainsKey("$at $typed")) { $at = "$at $typed" }
                }

                if (($before -notcontains '--') -and $values.ContainsKey("$at $($before[-1])")) {
                    $offered = $values["$at $($before[-1])"]
                } elseif (($before -notcontains '--') -and $word -like '-*') {
                    $offered = $options[$at]
                } else {
                    $offered = $commands[$at]
                }

                foreach ($entry in $offered | Where-Object { $_ -and $_.StartsWith($word) }) {
                    $name, $text = $entry -split '\|', 2
                    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $text)
                }
            }

            """));
        return script.ToString().ReplaceLineEndings("\n");
    }

    // A word and its description in one string: PowerShell takes a list of one list for that list.
    private static void Add(StringBuilder script, string key, IEnumerable<(string Word, string Description)> entries) =>
        script.Append(Invariant($"        {Quoted(key)} = @({string.Join(", ", entries.Select(entry => Quoted($"{entry.Word}|{entry.Description}")))})\n"));

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

using System.Text;

namespace DigitML.Cli.Completion;

/// <summary>Completion for fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script.</summary>
    /// <param name="root">The commands.</param>
    public static string Write(CommandWords root)
    {
        var name = root.Name;
        var script = new StringBuilder();
        script.Append(Invariant($$"""
            # Completion of {{name}} for fish. In ~/.config/fish/config.fish: {{name}} completion fish | source
            function __{{name}}_at
                set -l at {{name}}
                for word in (commandline -opc)[2..]
                    if contains -- "$at $word" {{string.Join(' ', root.All.Skip(1).Select(command => Quoted(command.Path)))}}
                        set at "$at $word"
                    end
                end
                test "$at" = "$argv"
            end

            complete -c {{name}} -e
            complete -c {{name}} -f

            """));
        foreach (var command in root.All)
        {
            var at = $"complete -c {name} -n {Quoted($"__{name}_at {command.Path}")}";
            foreach (var known in command.Commands)
            {
                script.Append(Invariant($"{at} -a {Quoted(known.Name)} -d {Quoted(known.Description)}\n"));
            }

            if (command.Commands.Count == 0 && command.Kind != WordKind.None)
            {
                script.Append(Invariant($"{at} {(command.Kind == WordKind.Words ? $"-a {Quoted(string.Join(' ', command.Words))}" : "-F")}\n"));
            }

            foreach (var option in command.Options)
            {
                var names = string.Join(' ', option.Names.Select(alias => alias.StartsWith("--", StringComparison.Ordinal) ? $"-l {alias[2..]}" : $"-s {alias[1..]}"));
                script.Append(Invariant($"{at} {names}{Values(option)} -d {Quoted(option.Description)}\n"));
            }
        }

        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Values(OptionWords option) => option.Kind switch
    {
        WordKind.Words => $" -x -a {Quoted(string.Join(' ', option.Words))}",
        WordKind.File => " -r -F",
        WordKind.Folder => " -x -a '(__fish_complete_directories)'",
        WordKind.Any => " -x",
        _ => "",
    };

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}

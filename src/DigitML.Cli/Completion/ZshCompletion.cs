using System.Text;

namespace DigitML.Cli.Completion;

/// <summary>Completion for zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script.</summary>
    /// <param name="root">The commands.</param>
    public static string Write(CommandWords root)
    {
        var name = root.Name;
        var script = new StringBuilder();
        script.Append(Invariant($$"""
            #compdef {{name}}
            # Completion of {{name}} for zsh. In ~/.zshrc, behind compinit: source <({{name}} completion zsh)
            _{{name}}() {
                local word=${words[CURRENT]} before=${words[CURRENT - 1]} at={{name}} ended="" i
                local -a entries
                if [[ $word == --*=* ]]; then
                    before=${word%%=*}
                    compset -P '*='
                    word=${word#*=}
                fi

                for ((i = 2; i < CURRENT; i++)); do
                    [[ ${words[i]} == "--" ]] && ended=1
                    case "$at ${words[i]}" in
                        {{string.Join(" | ", root.All.Skip(1).Select(command => Quoted(command.Path)))}}) at="$at ${words[i]}" ;;
                    esac
                done

                if [[ -z $ended ]]; then
                    case "$at $before" in

            """));
        foreach (var command in root.All)
        {
            foreach (var option in command.Options.Where(option => option.Kind != WordKind.None))
            {
                script.Append(Invariant($"            {string.Join(" | ", option.Names.Select(alias => Quoted($"{command.Path} {alias}")))}) {Values(option.Kind, option.Words)} return ;;\n"));
            }
        }

        script.Append(Invariant($$"""
                    esac

                    if [[ $word == -* ]]; then
                        case "$at" in

            """));
        foreach (var command in root.All)
        {
            var entries = command.Options.SelectMany(option => option.Names.Select(alias => Entry(alias, option.Description)));
            script.Append(Invariant($"                {Quoted(command.Path)})\n                    entries=({string.Join(' ', entries)}) ;;\n"));
        }

        script.Append(Invariant($$"""
                        esac

                        _describe -o 'option' entries
                        return
                    fi
                fi

                case "$at" in

            """));
        foreach (var command in root.All)
        {
            var values = command.Commands.Count > 0
                ? $"entries=({string.Join(' ', command.Commands.Select(known => Entry(known.Name, known.Description)))}); _describe 'command' entries;"
                : Values(command.Kind, command.Words);
            script.Append(Invariant($"        {Quoted(command.Path)}) {values} return ;;\n"));
        }

        script.Append(Invariant($$"""
                esac
            }

            compdef _{{name}} {{name}}

            """));
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Values(WordKind kind, IEnumerable<string> words) => kind switch
    {
        WordKind.Words => $"compadd -- {string.Join(' ', words.Select(Quoted))};",
        WordKind.File => "_files;",
        WordKind.Folder => "_files -/;",
        _ => ":;",
    };

    // In what _describe takes, a colon ends the word.
    private static string Entry(string word, string description) => Quoted($"{word.Replace(":", "\\:", StringComparison.Ordinal)}:{description}");

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

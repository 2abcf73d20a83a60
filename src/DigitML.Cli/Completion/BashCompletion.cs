using System.Text;

namespace DigitML.Cli.Completion;

/// <summary>Completion for bash, from 3.2 on.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    /// <param name="root">The commands.</param>
    public static string Write(CommandWords root)
    {
        var name = root.Name;
        var script = new StringBuilder();
        script.Append(Invariant($$"""
            # Completion of {{name}} for bash. In ~/.bashrc: eval "$({{name}} completion bash)"
            _{{name}}_add() {
                local entry
                while IFS= read -r entry; do COMPREPLY+=("$entry"); done
            }

            _{{name}}_files() {
                compopt -o filenames 2>/dev/null
                _{{name}}_add < <(compgen "$1" -- "$word")
            }

            _{{name}}() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} at={{name}} ended="" i
                COMPREPLY=()
                # bash takes --option=value apart at the sign.
                if [[ $word == "=" ]]; then
                    word=""
                elif [[ $before == "=" && COMP_CWORD -gt 2 ]]; then
                    before=${COMP_WORDS[COMP_CWORD - 2]}
                fi

                for ((i = 1; i < COMP_CWORD; i++)); do
                    [[ ${COMP_WORDS[i]} == "--" ]] && ended=1
                    case "$at ${COMP_WORDS[i]}" in
                        {{string.Join(" | ", root.All.Skip(1).Select(command => $"\"{command.Path}\""))}}) at="$at ${COMP_WORDS[i]}" ;;
                    esac
                done

                if [[ -z $ended ]]; then
                    case "$at $before" in

            """));
        foreach (var command in root.All)
        {
            foreach (var option in command.Options.Where(option => option.Kind != WordKind.None))
            {
                script.Append(Invariant($"            {string.Join(" | ", option.Names.Select(alias => $"\"{command.Path} {alias}\""))}) {Values(name, option.Kind, option.Words)} return ;;\n"));
            }
        }

        script.Append(Invariant($$"""
                    esac

                    if [[ $word == -* ]]; then
                        case "$at" in

            """));
        foreach (var command in root.All)
        {
            script.Append(Invariant($"                \"{command.Path}\") _{name}_add < <(compgen -W \"{string.Join(' ', command.Options.SelectMany(option => option.Names))}\" -- \"$word\") ;;\n"));
        }

        script.Append(Invariant($$"""
                        esac

                        return
                    fi
                fi

                case "$at" in

            """));
        foreach (var command in root.All)
        {
            var (kind, words) = command.Commands.Count > 0 ? (WordKind.Words, [.. command.Commands.Select(known => known.Name)]) : (command.Kind, command.Words);
            script.Append(Invariant($"        \"{command.Path}\") {Values(name, kind, words)} return ;;\n"));
        }

        script.Append(Invariant($$"""
                esac
            }

            complete -F _{{name}} {{name}}

            """));
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Values(string name, WordKind kind, IEnumerable<string> words) => kind switch
    {
        WordKind.Words => $"_{name}_add < <(compgen -W \"{string.Join(' ', words)}\" -- \"$word\");",
        WordKind.File => $"_{name}_files -f;",
        WordKind.Folder => $"_{name}_files -d;",
        _ => ":;",
    };
}

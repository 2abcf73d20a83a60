using System.CommandLine;
using System.CommandLine.Completions;

namespace DigitML.Cli.Completion;

/// <summary>What may follow an option or a command.</summary>
internal enum WordKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Something that cannot be foreseen, such as a number.</summary>
    Any,

    /// <summary>One of some words.</summary>
    Words,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,
}

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">The name and the aliases: <c>--output</c>, <c>-o</c>.</param>
/// <param name="Description">Its description's first sentence.</param>
/// <param name="Kind">What follows it.</param>
/// <param name="Words">What follows, where it is one of some words.</param>
internal sealed record OptionWords(IReadOnlyList<string> Names, string Description, WordKind Kind, IReadOnlyList<string> Words);

/// <summary>A command as shells complete it, read off the command line's own definition.</summary>
/// <param name="Path">As it is typed: <c>digitml data info</c>.</param>
/// <param name="Description">Its description's first sentence.</param>
/// <param name="Commands">The commands below it.</param>
/// <param name="Options">Its options, with those that hold everywhere.</param>
/// <param name="Kind">What else follows it.</param>
/// <param name="Words">What follows, where it is one of some words.</param>
internal sealed record CommandWords(
    string Path, string Description, IReadOnlyList<CommandWords> Commands, IReadOnlyList<OptionWords> Options, WordKind Kind, IReadOnlyList<string> Words)
{
    /// <summary>The last word of <see cref="Path"/>.</summary>
    public string Name => Path[(Path.LastIndexOf(' ') + 1)..];

    /// <summary>This command and all below it.</summary>
    public IEnumerable<CommandWords> All => Commands.SelectMany(command => command.All).Prepend(this);

    /// <summary>Reads a command and all below it.</summary>
    /// <param name="root">The command that has no other above it.</param>
    public static CommandWords Of(Command root) => Of(root, root.Name, []);

    private static CommandWords Of(Command command, string path, IReadOnlyList<Option> everywhere)
    {
        Option[] recursive = [.. command.Options.Where(option => option.Recursive), .. everywhere];
        var argument = command.Arguments.FirstOrDefault(argument => !argument.Hidden);
        var words = argument is null ? [] : WordsOf(argument.CompletionSources);
        return new CommandWords(
            path,
            FirstSentence(command.Description),
            [.. command.Subcommands.Where(known => !known.Hidden).Select(known => Of(known, $"{path} {known.Name}", recursive))],
            [.. command.Options.Concat(recursive).Distinct().Where(option => !option.Hidden).Select(Of)],
            argument is null ? WordKind.None : words.Count > 0 ? WordKind.Words : WordKind.File,
            words);
    }

    private static OptionWords Of(Option option)
    {
        var isFlag = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;
        var words = isFlag ? [] : WordsOf(option.CompletionSources);
        return new OptionWords(
            [.. option.Aliases.Prepend(option.Name).Where(name => name.Length > 1 && name[0] == '-' && (name[1] == '-' || char.IsAsciiLetter(name[1]))).Distinct()],
            FirstSentence(option.Description),
            isFlag ? WordKind.None : words.Count > 0 ? WordKind.Words : KindOf(option.HelpName),
            words);
    }

    // What help calls a value says what it is.
    private static WordKind KindOf(string? helpName) => helpName switch
    {
        "DIR" => WordKind.Folder,
        "FILE" or "PATH" => WordKind.File,
        _ => WordKind.Any,
    };

    private static List<string> WordsOf(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        [.. sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => item.InsertText ?? item.Label).Distinct()];

    private static string FirstSentence(string? description)
    {
        var text = description ?? "";
        var end = text.AsSpan().IndexOfAny(".;");
        while (end >= 0 && end + 1 < text.Length && text[end + 1] != ' ')
        {
            var next = text.AsSpan(end + 1).IndexOfAny(".;");
            end = next < 0 ? -1 : end + 1 + next;
        }

        return end < 0 ? text : text[..end];
    }
}

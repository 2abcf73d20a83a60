using System.Text;
using Spectre.Console;

namespace DigitML.Cli;

/// <summary>
/// Where a command speaks: people's text on <see cref="Screen"/>, machines' text on <see cref="Output"/>, trouble on
/// <see cref="Error"/>. Commands get it from outside, so that tests see what a user would.
/// </summary>
internal sealed class Terminal
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];
    private bool _hasStatus;

    /// <summary>Wraps what a command writes to.</summary>
    /// <param name="screen">Standard output with its colours and width.</param>
    /// <param name="output">Standard output, as it is.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isLive">Whether lines may be redrawn: somebody is watching.</param>
    public Terminal(IAnsiConsole screen, TextWriter output, TextWriter error, bool isLive)
    {
        Screen = screen;
        Output = output;
        Error = error;
        IsLive = isLive;
    }

    /// <summary>Standard output for people: tables, colours where they can be shown.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Standard output, untouched: JSON.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether lines may be redrawn. False for files, pipes and CI logs: no bars, no colour.</summary>
    public bool IsLive { get; }

    /// <summary>Whether block characters can be shown.</summary>
    public bool IsUnicode => Screen.Profile.Capabilities.Unicode;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            TryUseUtf8();
        }

        var screen = AnsiConsole.Create(new AnsiConsoleSettings());
        var isLive = screen.Profile.Out.IsTerminal && screen.Profile.Capabilities is { Ansi: true, Interactive: true };
        screen.Profile.Capabilities.Unicode &= !LocaleIsPlain();
        if (!isLive)
        {
            screen.Profile.Capabilities.Ansi = false;
            screen.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        return new Terminal(screen, Console.Out, Console.Error, isLive);
    }

    /// <summary>One line of text for people, never wrapped and never read as markup.</summary>
    public void Say(string line = "")
    {
        ClearStatus();
        Screen.Profile.Out.Writer.WriteLine(line);
    }

    /// <summary>One line of text for people with Spectre markup; as plain as <see cref="Say"/> where there is no colour.</summary>
    public void SayMarkup(string markup)
    {
        if (!IsLive)
        {
            Say(Markup.Remove(markup));
            return;
        }

        ClearStatus();
        Screen.Markup(markup);
        Say();
    }

    /// <summary>
    /// One line of markup that the next line or the next status replaces; nothing where nobody is watching.
    /// (Spectre's own live display moves a one-line text up by a line each time: it asks the terminal to go up by 0, which means 1.)
    /// </summary>
    public void Status(string markup)
    {
        if (!IsLive)
        {
            return;
        }

        ClearStatus();
        var plain = Markup.Remove(markup);
        var room = Screen.Profile.Width - 1;
        if (plain.Length <= room)
        {
            Screen.Markup(markup);
        }
        else
        {
            Screen.Profile.Out.Writer.Write(plain[..room]);
        }

        Screen.Profile.Out.Writer.Flush();
        _hasStatus = true;
    }

    /// <summary>Takes the status away.</summary>
    public void ClearStatus()
    {
        if (_hasStatus)
        {
            // To the start of the line, and erase it.
            Screen.Profile.Out.Writer.Write("\r\u001b[2K");
            Screen.Profile.Out.Writer.Flush();
            _hasStatus = false;
        }
    }

    /// <summary>The same terminal without text for people; errors and <see cref="Output"/> stay.</summary>
    public Terminal Hushed()
    {
        var silent = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(TextWriter.Null) });
        return new Terminal(silent, Output, Error, isLive: false);
    }

    /// <summary>One line on standard error.</summary>
    public void Complain(string kind, string message)
    {
        ClearStatus();
        Error.WriteLine($"{kind}: {OneLine(message)}");
    }

    /// <summary>The same text on one line.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Windows' consoles draw blocks and lines only in UTF-8.
    private static void TryUseUtf8()
    {
        try
        {
            Console.OutputEncoding = Encoding.UTF8;
        }
        catch (IOException)
        {
            // No console to set: the text goes out in the encoding it has.
        }
    }

    // .NET writes UTF-8 on Unix whatever the locale; a locale that names another encoding, or C, says the terminal cannot show it.
    private static bool LocaleIsPlain()
    {
        var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return !OperatingSystem.IsWindows()
            && locale is not null
            && (locale is "C" or "POSIX" || (locale.Contains('.') && !locale.Contains("UTF", StringComparison.OrdinalIgnoreCase)));
    }
}

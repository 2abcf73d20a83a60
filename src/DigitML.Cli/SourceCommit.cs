using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;

namespace DigitML.Cli;

/// <summary>What a report says of where it was made.</summary>
internal static class SourceCommit
{
    /// <summary>The commit that is checked out, with <c>-dirty</c> when files differ from it; null outside a repository or without git.</summary>
    public static string? Current()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var commit = process.StandardOutput.ReadToEnd().Trim();
            errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0 && commit.Length > 0 ? commit : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The command as it was typed.</summary>
    public static string CommandLine(ParseResult parse) =>
        string.Join(' ', parse.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{token.Value}\"" : token.Value).Prepend("digitml"));
}

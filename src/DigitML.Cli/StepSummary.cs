using System.Text;
using DigitML.IO;
using DigitML.Reports;

namespace DigitML.Cli;

/// <summary>The page that GitHub Actions shows for a step, when it asks for one.</summary>
internal static class StepSummary
{
    /// <summary>The variable that names the file to append to.</summary>
    public const string Variable = "GITHUB_STEP_SUMMARY";

    /// <summary>Appends a report where the variable says; does nothing without it.</summary>
    /// <param name="report">Its Markdown is appended.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void Append(EvaluationReport report)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            File.AppendAllText(path, report.ToMarkdown() + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{path}: the step summary that {Variable} names cannot be written: {error.Message}", error);
        }
    }
}

using System.Data.Common;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Studies.Database;

/// <summary>Trials and results as rows.</summary>
internal static class StudyRows
{
    /// <summary>The columns of a trial, in the order of <see cref="Trial"/>.</summary>
    public const string TrialColumns = "number, state, settings, worker, error";

    /// <summary>The columns of a result, in the order of <see cref="Rung"/>.</summary>
    public const string RungColumns = "rung, epochs, accuracy, macro_accuracy, log_loss, seconds, model_bytes, finished_at, worker";

    /// <summary>How many <see cref="TrialColumns"/> are.</summary>
    public const int TrialWidth = 5;

    /// <summary>A trial without its results.</summary>
    public static TrialRecord Trial(DbDataReader row, int first, string where) => new()
    {
        Number = row.GetInt32(first),
        State = Enum.TryParse<TrialState>(row.GetString(first + 1), out var state)
            ? state
            : throw new DigitException($"{where}: trial {row.GetInt32(first)} has the state '{row.GetString(first + 1)}', which this program does not know; a newer one wrote it."),
        Settings = TextOf(row, first + 2) is { } settings ? TrialSettings.FromJson(settings) : null,
        Worker = TextOf(row, first + 3),
        Error = TextOf(row, first + 4),
    };

    /// <summary>A result.</summary>
    public static RungResult Rung(DbDataReader row, int first) => new()
    {
        Rung = row.GetInt32(first),
        Epochs = row.GetInt32(first + 1),
        Score = new TrialScore { Accuracy = NumberOf(row, first + 2), MacroAccuracy = NumberOf(row, first + 3), LogLoss = NumberOf(row, first + 4) },
        Seconds = row.GetDouble(first + 5),
        ModelBytes = row.GetInt64(first + 6),
        FinishedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 7)),
        Worker = row.GetString(first + 8),
    };

    /// <summary>A result's values by the names of its columns.</summary>
    public static (string Name, object? Value)[] ValuesOf(RungResult result) =>
    [
        ("rung", result.Rung),
        ("epochs", result.Epochs),
        ("accuracy", Value(result.Score.Accuracy)),
        ("macro_accuracy", Value(result.Score.MacroAccuracy)),
        ("log_loss", Value(result.Score.LogLoss)),
        ("seconds", result.Seconds),
        ("model_bytes", result.ModelBytes),
        ("finished_at", result.FinishedAt.ToUnixTimeMilliseconds()),
        ("worker", result.Worker),
    ];

    // SQLite has no NaN.
    private static double? Value(double number) => double.IsNaN(number) ? null : number;

    private static double NumberOf(DbDataReader row, int column) => row.IsDBNull(column) ? double.NaN : row.GetDouble(column);

    private static string? TextOf(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

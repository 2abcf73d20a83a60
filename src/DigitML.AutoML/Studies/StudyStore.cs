using DigitML.AutoML.Studies.Database;
using DigitML.IO;

namespace DigitML.AutoML.Studies;

/// <summary>Makes the store that a text names, as <c>--study</c> takes it.</summary>
public static class StudyStore
{
    /// <summary>
    /// A PostgreSQL database for a connection string (<c>Host=db;Database=studies;Username=digitml</c>) or an address (<c>postgres://digitml@db/studies</c>),
    /// else the file of that path. Nothing is opened yet.
    /// </summary>
    /// <param name="text">The text. A password is better left to the variable PGPASSWORD or the file that PGPASSFILE names.</param>
    /// <param name="patience">How long a store that is away is waited for; null for ten minutes.</param>
    /// <exception cref="DigitException">The text is a connection string that makes no sense.</exception>
    public static DatabaseStudy For(string text, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new DatabaseStudy(IsPostgres(text) ? PostgresDialect.Of(text) : new SqliteDialect(text), patience);
    }

    /// <summary>The store that a text names, if it is there: a file is not made.</summary>
    /// <param name="text">As <see cref="For"/> takes it.</param>
    /// <param name="patience">How long a store that is away is waited for; null for ten minutes.</param>
    /// <exception cref="DigitException">There is no such file, or the text is a connection string that makes no sense.</exception>
    public static DatabaseStudy Existing(string text, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return IsPostgres(text) || File.Exists(text)
            ? For(text, patience)
            : throw new DigitException($"{text}: there is no such file; digitml search makes it.");
    }

    private static bool IsPostgres(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || text.Split(';').Any(part => part.Split('=', 2) is [var key, _] && key.Trim().ToUpperInvariant() is "HOST" or "SERVER");
}

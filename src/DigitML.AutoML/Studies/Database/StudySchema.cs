using System.Data.Common;
using DigitML.IO;

namespace DigitML.AutoML.Studies.Database;

/// <summary>
/// The tables, as steps from nothing to what they are now: a new database takes all of them, one of an older program those that it lacks. A step is
/// never changed once a study was kept with it; what comes later is another step.
/// </summary>
internal static class StudySchema
{
    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    // States are words, times are milliseconds since 1970, and log_loss is NULL where it is no number. A trial that waits has a lease that ended in
    // 1970, so that one range of one index holds all that may be claimed.
    private static string[][] Steps { get; } =
    [
        [
            "CREATE TABLE digitml_studies (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, created BIGINT NOT NULL, trial_count INTEGER NOT NULL)",
            """
            CREATE TABLE digitml_trials (
                study INTEGER NOT NULL REFERENCES digitml_studies (id), number INTEGER NOT NULL, state TEXT NOT NULL, settings TEXT, worker TEXT, error TEXT,
                rung_count INTEGER NOT NULL, token BIGINT NOT NULL, lease_end BIGINT, revision BIGINT NOT NULL, PRIMARY KEY (study, number))
            """,
            "CREATE INDEX digitml_trials_revision ON digitml_trials (study, revision)",
            """
            CREATE TABLE digitml_rung_results (
                study INTEGER NOT NULL, trial INTEGER NOT NULL, rung INTEGER NOT NULL, epochs INTEGER NOT NULL, accuracy DOUBLE PRECISION, macro_accuracy DOUBLE PRECISION,
                log_loss DOUBLE PRECISION, seconds DOUBLE PRECISION NOT NULL, model_bytes BIGINT NOT NULL, finished_at BIGINT NOT NULL, worker TEXT NOT NULL,
                PRIMARY KEY (study, trial, rung), FOREIGN KEY (study, trial) REFERENCES digitml_trials (study, number))
            """,
            """
            CREATE TABLE digitml_checkpoints (
                study INTEGER NOT NULL, trial INTEGER NOT NULL, data {bytes} NOT NULL,
                PRIMARY KEY (study, trial), FOREIGN KEY (study, trial) REFERENCES digitml_trials (study, number))
            """,
        ],

        // 2: a worker whose connection broke after its rung was recorded must learn so, and a claim must not look at all trials.
        [
            "ALTER TABLE digitml_trials ADD COLUMN finished_by BIGINT NOT NULL DEFAULT 0",
            "CREATE INDEX digitml_trials_open ON digitml_trials (study, lease_end) WHERE state IN ('Waiting', 'Running')",
        ],
    ];

    /// <summary>Brings the tables to this program's version, in the caller's transaction.</summary>
    /// <exception cref="DigitException">They are of a newer program, or of another.</exception>
    public static async Task UpgradeAsync(StudyDialect dialect, DbConnection connection, CancellationToken cancellationToken)
    {
        if (dialect.LockSchema is { } hold)
        {
            await connection.RunAsync(hold, [], cancellationToken).ConfigureAwait(false);
        }

        var version = await VersionAsync(dialect, connection, cancellationToken).ConfigureAwait(false);
        if (version is null)
        {
            if (dialect.CountForeign is { } foreign && await connection.NumberAsync(foreign, [], cancellationToken).ConfigureAwait(false) > 0)
            {
                throw new DigitException($"{dialect.Name}: expected a study's database but it holds another program's tables. Name another file.");
            }

            await connection.RunAsync("CREATE TABLE digitml_schema (version INTEGER NOT NULL)", [], cancellationToken).ConfigureAwait(false);
            await connection.RunAsync("INSERT INTO digitml_schema (version) VALUES (0)", [], cancellationToken).ConfigureAwait(false);
        }

        if (version > Version)
        {
            throw new DigitException(Invariant($"{dialect.Name}: expected a study of schema version {Version} or older but it is {version}: a newer DigitML wrote it. Use that one, or another study."));
        }

        for (var step = (int)(version ?? 0); step < Version; step++)
        {
            foreach (var statement in Steps[step])
            {
                await connection.RunAsync(statement.Replace("{bytes}", dialect.Bytes, StringComparison.Ordinal), [], cancellationToken).ConfigureAwait(false);
            }
        }

        if (version != Version)
        {
            await connection.RunAsync("UPDATE digitml_schema SET version = @version", [("version", Version)], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The version of the tables; null when there are none.</summary>
    public static async Task<long?> VersionAsync(StudyDialect dialect, DbConnection connection, CancellationToken cancellationToken) =>
        await connection.NumberAsync(dialect.CountTables, [("table", "digitml_schema")], cancellationToken).ConfigureAwait(false) == 0
            ? null
            : await connection.NumberAsync("SELECT MAX(version) FROM digitml_schema", [], cancellationToken).ConfigureAwait(false);
}

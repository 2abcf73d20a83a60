using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace DigitML.AutoML.Studies.Database;

/// <summary>A study in a file. Several processes of one machine may share it; a network's file systems do not lock well enough for more.</summary>
/// <param name="path">The file; its folder is made when it is missing.</param>
internal sealed class SqliteDialect(string path) : StudyDialect
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    // Writers take turns all the same. Here they queue in order, where the file's lock would let chance decide.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, ForeignKeys = true }.ToString();

    public override string Name => path;

    public override string Bytes => "BLOB";

    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)";

    // There is one writer at a time, so that what is numbered later is seen later.
    public override string NewRevision => "(SELECT COALESCE(MAX(revision), 0) + 1 FROM digitml_trials WHERE study = @study)";

    public override string NextRevision => NewRevision;

    public override string SkipLocked => "";

    public override bool ChangesInWith => false;

    public override string? LockSchema => null;

    public override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @table";

    public override string? CountForeign => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'digitml~_%' ESCAPE '~' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";

    /// <summary>Pages of the file at most; a test's full disk. 0 for as many as there is room for.</summary>
    internal int MaximumPages { get; set; }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var connection = new Turn(_connection, _turn);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);

            // A commit is on the disk before it is true.
            var limit = MaximumPages > 0 ? Invariant($"; PRAGMA max_page_count = {MaximumPages}") : "";
            await connection.RunAsync("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL" + limit, [], cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    // Written ahead, so that who reads holds nobody up. The file remembers it.
    public override Task PrepareAsync(DbConnection connection, CancellationToken cancellationToken) => connection.RunAsync("PRAGMA journal_mode = WAL", [], cancellationToken);

    public override bool IsAway(Exception error) => error is SqliteException { SqliteErrorCode: Busy or Locked };

    public override string? Explain(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: Full } => "the disk is full, so that nothing more can be recorded. Make room and start the search again: it goes on where it was.",
        SqliteException { SqliteErrorCode: ReadOnly } => "the file or its folder may only be read, but a study must be written. Change their rights, or name another file.",
        SqliteException { SqliteErrorCode: CannotOpen } => $"the file cannot be opened for writing ({Line(error)}). Is it a folder, or may its folder only be read?",
        SqliteException { SqliteErrorCode: NotADatabase } => "expected a study's SQLite database but the file is none. Name another file, or remove it.",
        SqliteException { SqliteErrorCode: Corrupt } => "the database is damaged. Name another file, or take it from a backup.",
        SqliteException { SqliteErrorCode: Busy or Locked } => "another process has held the file for too long. Which program has it open?",
        SqliteException => $"SQLite failed: {Line(error)}",
        IOException or UnauthorizedAccessException => $"the file's folder cannot be made ({Line(error)}). Name another file.",
        _ => null,
    };

    public override void Reset() => SqliteConnection.ClearPool(new SqliteConnection(_connection));

    public override ValueTask DisposeAsync()
    {
        Reset();
        return ValueTask.CompletedTask;
    }

    private static string Line(Exception error) => error.Message.ReplaceLineEndings(" ");

    /// <summary>A connection whose turn ends with it.</summary>
    private sealed class Turn(string connection, SemaphoreSlim turn) : SqliteConnection(connection)
    {
        private SemaphoreSlim? _turn = turn;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Interlocked.Exchange(ref _turn, null)?.Release();
        }
    }
}

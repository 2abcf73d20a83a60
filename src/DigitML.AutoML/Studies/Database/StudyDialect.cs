using System.Data.Common;

namespace DigitML.AutoML.Studies.Database;

/// <summary>What one database says otherwise than another; all else of a study is written once, in <see cref="DatabaseStudy"/>.</summary>
internal abstract class StudyDialect : IAsyncDisposable
{
    /// <summary>How messages call the store; never with a password.</summary>
    public abstract string Name { get; }

    /// <summary>The type of bytes.</summary>
    public abstract string Bytes { get; }

    /// <summary>The database's clock as whole milliseconds since 1970.</summary>
    public abstract string Now { get; }

    /// <summary>The revision of a change that is being made.</summary>
    public abstract string NewRevision { get; }

    /// <summary>The least revision that a change which cannot be seen yet may have.</summary>
    public abstract string NextRevision { get; }

    /// <summary>What a query ends with whose row is wanted alone, and not waited for.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Whether one statement may change several tables: <c>WITH … AS (UPDATE …) INSERT …</c>.</summary>
    public abstract bool ChangesInWith { get; }

    /// <summary>Holds off others who would change the schema until the transaction ends; null when a transaction does so by itself.</summary>
    public abstract string? LockSchema { get; }

    /// <summary>A query that gives the number of tables of a name.</summary>
    public abstract string CountTables { get; }

    /// <summary>A query that gives 1 when other data than a study's are kept there, which must be left alone; null when studies may live beside them.</summary>
    public abstract string? CountForeign { get; }

    /// <summary>A connection that is ready; disposing of it gives it back.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that may write.</summary>
    public abstract Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Sets up a database whose tables are known to be a study's.</summary>
    public virtual Task PrepareAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether an error comes from a database that is away and may come back.</summary>
    public abstract bool IsAway(Exception error);

    /// <summary>What an error means and what to do about it, without the store's name; null when it is none of the database's.</summary>
    public abstract string? Explain(Exception error);

    /// <summary>Forgets connections that are broken.</summary>
    public abstract void Reset();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

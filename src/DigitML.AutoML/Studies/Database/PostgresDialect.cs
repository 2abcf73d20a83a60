using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using DigitML.IO;
using Npgsql;

namespace DigitML.AutoML.Studies.Database;

/// <summary>A study that machines share.</summary>
internal sealed class PostgresDialect : StudyDialect
{
    /// <summary>The first version with <c>pg_current_xact_id</c>.</summary>
    private const int LeastVersion = 13;

    /// <summary>Any number, as long as it is always this one: "digit" in ASCII.</summary>
    private const long SchemaLock = 0x6469676974;

    private readonly NpgsqlDataSource _source;

    private PostgresDialect(NpgsqlConnectionStringBuilder settings)
    {
        Name = Invariant($"PostgreSQL at {settings.Host}:{settings.Port}, database {settings.Database ?? settings.Username}");
        _source = NpgsqlDataSource.Create(settings);
    }

    public override string Name { get; }

    public override string Bytes => "BYTEA";

    public override string Now => "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS BIGINT)";

    // Transactions are seen in the order of their commits, not of their numbers: a counter would let a late one slip in below what was read
    // already. The transaction's own number, read again from the oldest that still ran, cannot.
    public override string NewRevision => "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)";

    public override string NextRevision => "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)";

    public override string SkipLocked => " FOR UPDATE SKIP LOCKED";

    public override bool ChangesInWith => true;

    public override string? LockSchema => Invariant($"SELECT pg_advisory_xact_lock({SchemaLock})");

    public override string CountTables => "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass(@table)";

    public override string? CountForeign => null;

    /// <summary>The database that a connection string or an address names.</summary>
    /// <exception cref="DigitException">It makes no sense; what it holds is not repeated, for a password may be in it.</exception>
    public static PostgresDialect Of(string text)
    {
        try
        {
            return new PostgresDialect(WithDefaults(text.Contains("://", StringComparison.Ordinal) ? FromAddress(new Uri(text)) : new NpgsqlConnectionStringBuilder(text)));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new DigitException($"the study's database: expected Host=…;Database=…;Username=… or postgres://user@host/database, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        if (connection.PostgreSqlVersion.Major >= LeastVersion)
        {
            return connection;
        }

        var found = connection.PostgreSqlVersion;
        await connection.DisposeAsync().ConfigureAwait(false);
        throw new DigitException($"{Name}: expected PostgreSQL {LeastVersion} or newer but the server is {found}.");
    }

    public override async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);

    public override bool IsAway(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => false,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => true,
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
        _ => error is IOException or SocketException or TimeoutException,
    };

    public override string? Explain(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => "the server refused the password. Set PGPASSWORD, name a file in PGPASSFILE, or give Password=….",
        NpgsqlException when error.Message.Contains("No password has been provided", StringComparison.Ordinal) => "the server asks for a password and none was given. Set PGPASSWORD, name a file in PGPASSFILE, or give Password=….",
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } refused => $"the server refused the user ({refused.MessageText}). Check Username=… and the server's pg_hba.conf.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => $"{missing.MessageText}. Create it (createdb), or name another with Database=….",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => $"{denied.MessageText}. The user must be allowed to create tables in its schema and to change them.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the server's disk is full, so that nothing more can be recorded. Make room and start the search again: it goes on where it was.",
        PostgresException failed => $"PostgreSQL failed: {failed.MessageText.ReplaceLineEndings(" ")} ({failed.SqlState}).",
        NpgsqlException or IOException or SocketException or TimeoutException => $"it cannot be reached ({Cause(error)}).",
        _ => null,
    };

    public override void Reset() => _source.Clear();

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Cause(Exception error) => (error.InnerException ?? error).Message.ReplaceLineEndings(" ");

    private static NpgsqlConnectionStringBuilder WithDefaults(NpgsqlConnectionStringBuilder settings)
    {
        // A worker trains for seconds and asks for milliseconds: a thousand of them must not each keep a connection that the server has to hold.
        SetUnlessGiven("Maximum Pool Size", () => settings.MaxPoolSize = 4);
        SetUnlessGiven("Connection Idle Lifetime", () => (settings.ConnectionIdleLifetime, settings.ConnectionPruningInterval) = (10, 5));
        SetUnlessGiven("Application Name", () => settings.ApplicationName = "digitml");
        return settings;

        void SetUnlessGiven(string key, Action set)
        {
            if (!settings.ShouldSerialize(key))
            {
                set();
            }
        }
    }

    private static NpgsqlConnectionStringBuilder FromAddress(Uri address)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = address.Host };
        if (address.Port > 0)
        {
            settings.Port = address.Port;
        }

        if (address.AbsolutePath.Length > 1)
        {
            settings.Database = Uri.UnescapeDataString(address.AbsolutePath[1..]);
        }

        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
        {
            settings.Username = Uri.UnescapeDataString(user);
            settings.Password = rest is [var password] ? Uri.UnescapeDataString(password) : null;
        }

        foreach (var option in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option.Split('=', 2) is not [var key, var value])
            {
                throw new FormatException($"the option '{option}' has no value.");
            }

            // libpq's words for what is called otherwise here.
            settings[key switch { "sslmode" => "SSL Mode", "application_name" => "Application Name", "connect_timeout" => "Timeout", _ => key }] = Uri.UnescapeDataString(value);
        }

        return settings;
    }
}

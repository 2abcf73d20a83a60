using DigitML.AutoML.Tests.Studies;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace DigitML.AutoML.Tests.Studies;

/// <summary>One PostgreSQL for all tests, started by the first that asks; each has a schema of its own.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly Lazy<PostgresServer?> _server = new(() => PostgresServer.TryStart());
    private int _schemas;

    internal PostgresServer ServerOrSkip()
    {
        Assert.SkipWhen(_server.Value is null, PostgresServer.Reason);
        return _server.Value!;
    }

    /// <summary>A connection string to a new, empty schema, which takes less time to make than a database.</summary>
    internal async Task<string> SchemaOrSkipAsync()
    {
        var server = ServerOrSkip();
        var name = $"test{Interlocked.Increment(ref _schemas)}";
        await ExecuteAsync(server.ConnectionString, $"CREATE SCHEMA {name}");
        return $"{server.ConnectionString};Search Path={name}";
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value?.Dispose();
        }
    }
}

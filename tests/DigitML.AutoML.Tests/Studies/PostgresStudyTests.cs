using System.Collections.Concurrent;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Tests.Studies;

public sealed class PostgresStudyTests(PostgresFixture postgres) : StudyStoreTests
{
    private string? _database;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_ByManyAtOnce_MakesOneStudy()
    {
        _database = await postgres.SchemaOrSkipAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Another().ChangesOf(Study, Cancellation))));
        Assert.All(opened, changes => Assert.Empty(changes.Trials));
        await using var store = StudyStore.For(_database);
        Assert.Single(await store.StudiesAsync(Cancellation));
    }

    [Fact]
    public async Task Open_ADatabaseOfVersion1_IsBroughtToThisOneWithAllItHolds()
    {
        _database = await postgres.SchemaOrSkipAsync();
        await PostgresFixture.ExecuteAsync(_database, RecordedSchema.Version1("BYTEA"));
        await RecordedSchema.CheckAsync(StudyStore.For(_database), Study);
    }

    [Fact]
    public async Task Changes_ACommitAfterAYoungerOne_IsNotMissed()
    {
        await using var store = await OpenAsync();
        var claim = await AddAsync(store, "a");
        var start = (await store.ChangesAsync(0, Cancellation)).Revision;

        // An older transaction that is still open while a younger one commits and is read.
        await using var source = Npgsql.NpgsqlDataSource.Create(_database!);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        await using var older = await connection.BeginTransactionAsync(Cancellation);
        await using (var change = new Npgsql.NpgsqlCommand("UPDATE digitml_trials SET error = 'late', revision = CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) WHERE number = 0", connection))
        {
            await change.ExecuteNonQueryAsync(Cancellation);
        }

        await AddAsync(store, "b");
        var between = await store.ChangesAsync(start, Cancellation);
        Assert.Contains(between.Trials, trial => trial.Number == 1);
        Assert.DoesNotContain(between.Trials, trial => trial.Error is not null);
        await older.CommitAsync(Cancellation);

        Assert.Contains((await store.ChangesAsync(between.Revision, Cancellation)).Trials, trial => trial is { Number: 0, Error: "late" });
        Assert.True(await store.RenewAsync(claim, TimeSpan.FromMinutes(1), Cancellation));
    }

    [Theory]
    [InlineData("Password=sparrow", "Password=robin", "the server refused the password. Set PGPASSWORD")]
    [InlineData("Password=sparrow", "", "the server asks for a password and none was given. Set PGPASSWORD")]
    [InlineData("Database=postgres", "Database=nowhere", "database \"nowhere\" does not exist. Create it (createdb)")]
    public async Task Open_WhatTheServerRefuses_IsOneLine(string from, string to, string expected)
    {
        var text = postgres.ServerOrSkip().ConnectionString.Replace(from, to, StringComparison.Ordinal);
        await using var store = StudyStore.For(text);
        var error = await Assert.ThrowsAsync<DigitException>(() => store.OpenAsync(Study, Cancellation));
        Assert.StartsWith("PostgreSQL at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("robin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithoutARightToWrite_IsOneLine()
    {
        _database = postgres.ServerOrSkip().ConnectionString;
        await PostgresFixture.ExecuteAsync(_database, "CREATE ROLE reader LOGIN PASSWORD 'sparrow'");
        await using var store = StudyStore.For(_database.Replace("Username=digitml", "Username=reader", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<DigitException>(() => store.OpenAsync(Study, Cancellation));
        Assert.Contains("permission denied for schema public. The user must be allowed to create tables", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NobodyThere_IsTriedForAsLongAsPatienceLasts()
    {
        await using var store = StudyStore.For("Host=127.0.0.1;Port=1;Username=digitml;Password=secret", TimeSpan.FromMilliseconds(300));
        var error = await Assert.ThrowsAsync<DigitException>(() => store.OpenAsync(Study, Cancellation));
        Assert.StartsWith("PostgreSQL at 127.0.0.1:1, database digitml: it cannot be reached (", error.Message, StringComparison.Ordinal);
        Assert.Contains("What was recorded is safe", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_WhileTheServerRestarts_GoesOnAndNothingIsLost()
    {
        using var server = PostgresServer.TryStart();
        Assert.SkipWhen(server is null, PostgresServer.Reason);
        const int Trials = 60;
        await using var store = StudyStore.For(server.ConnectionString);
        var told = new ConcurrentQueue<string>();
        store.Notice += told.Enqueue;
        await store.OpenAsync(Study, Cancellation);
        var finished = new ConcurrentBag<int>();
        var (isTime, isDown) = (new TaskCompletionSource(), new TaskCompletionSource());
        var workers = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            while (await store.AddAsync(Invariant($"w{worker}"), Trials, TimeSpan.FromMinutes(1), Cancellation) is { } claim)
            {
                Assert.True(await store.FinishRungAsync(claim, Result(0), isLast: true, default, Cancellation));
                finished.Add(claim.Trial.Number);
                if (finished.Count >= 20)
                {
                    // However fast the workers are, there is work left when the server is gone.
                    isTime.TrySetResult();
                    await isDown.Task;
                }
            }
        })).ToArray();
        await isTime.Task;
        server.Stop(crash: true);
        isDown.SetResult();

        // Until whoever works has met it and said so: a server that starts is called otherwise than one that is gone.
        while (told.IsEmpty)
        {
            await Task.Delay(50, Cancellation);
        }

        server.Start();
        await Task.WhenAll(workers);

        var trials = (await store.ChangesAsync(0, Cancellation)).Trials;
        Assert.Equal(Enumerable.Range(0, Trials), trials.Select(trial => trial.Number));
        Assert.All(finished, number => Assert.Equal(TrialState.Finished, trials[number].State));

        // What was claimed in the moment of the crash, and whose answer was lost, ends with its lease.
        Assert.InRange(trials.Count(trial => trial.State == TrialState.Running), 0, 4);
        Assert.Equal(Trials, trials.Count(trial => trial.State is TrialState.Finished or TrialState.Running));
        Assert.Contains(told, line => line.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains(": back after ", StringComparison.Ordinal));
    }

    private protected override async Task<IStudyStore> NewAsync()
    {
        _database = await postgres.SchemaOrSkipAsync();
        return Another();
    }

    private protected override IStudyStore Another() => StudyStore.For(_database!);

    private protected override Task ExpireAsync() => PostgresFixture.ExecuteAsync(_database!, "UPDATE digitml_trials SET lease_end = 1 WHERE state = 'Running'");
}

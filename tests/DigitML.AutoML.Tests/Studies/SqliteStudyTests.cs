using System.Diagnostics;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Studies.Database;
using DigitML.AutoML.Trials;
using DigitML.IO;
using DigitML.Tests.IO;
using Microsoft.Data.Sqlite;

namespace DigitML.AutoML.Tests.Studies;

public sealed class SqliteStudyTests : StudyStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PathOfFile => _folder.File("new/study.db");

    [Fact]
    public async Task Open_AProcessThatIsGone_ItsTrialsAreFreeAtOnce()
    {
        await using var store = await OpenAsync();
        using var process = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        var (gone, alive) = (Invariant($"{Environment.MachineName}/{process.Id}/1/0"), WorkerName.Of(0));
        await AddAsync(store, gone);
        await AddAsync(store, alive);
        await AddAsync(store, "another-machine/1/1/0");
        process.Kill();
        await process.WaitForExitAsync(Cancellation);

        var trials = (await Another().ChangesOf(Study, Cancellation)).Trials;

        Assert.Equal([TrialState.Waiting, TrialState.Running, TrialState.Running], trials.Select(trial => trial.State));
        Assert.Equal(0, (await store.ClaimWaitingAsync(alive, TimeSpan.FromMinutes(1), Cancellation))!.Trial.Number);
        Assert.Null(await store.ClaimWaitingAsync(alive, TimeSpan.FromMinutes(1), Cancellation));
    }

    [Fact]
    public async Task Open_AFileOfVersion1_IsBroughtToThisOneWithAllItHolds()
    {
        Directory.CreateDirectory(_folder.File("new"));
        Execute(RecordedSchema.Version1("BLOB"));
        await RecordedSchema.CheckAsync(StudyStore.For(PathOfFile), Study);
        Assert.Equal(2L, Execute("SELECT version FROM digitml_schema"));
    }

    [Fact]
    public async Task Open_AFileOfANewerProgram_SaysSo()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("UPDATE digitml_schema SET version = 77");
        await FailsAsync(StudyStore.For(PathOfFile), "expected a study of schema version 2 or older but it is 77: a newer DigitML wrote it.");
    }

    [Fact]
    public async Task Open_AnotherProgramsDatabase_IsRefusedAndUnchanged()
    {
        Directory.CreateDirectory(_folder.File("new"));
        Execute("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
        var before = await File.ReadAllBytesAsync(PathOfFile, Cancellation);
        await FailsAsync(StudyStore.For(PathOfFile), "holds another program's tables");
        Assert.Equal(before, await File.ReadAllBytesAsync(PathOfFile, Cancellation));
    }

    [Fact]
    public async Task Open_AFileThatIsNoDatabase_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("notes.txt"), string.Concat(Enumerable.Repeat("dear diary ", 500)), Cancellation);
        await FailsAsync(StudyStore.For(_folder.File("notes.txt")), "notes.txt: expected a study's SQLite database but the file is none.");
    }

    [Fact]
    public async Task Open_ADamagedFile_SaysSo()
    {
        var store = await OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await AddAsync(store, "a");
        }

        await store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(PathOfFile, Cancellation);
        bytes.AsSpan(4096).Fill(0xA5);
        await File.WriteAllBytesAsync(PathOfFile, bytes, Cancellation);
        await FailsAsync(StudyStore.For(PathOfFile), "the database is damaged");
    }

    [Theory]
    [InlineData("/proc/digitml/study.db", "the file's folder cannot be made")]
    [InlineData("/proc/study.db", "the file cannot be opened for writing")]
    public async Task Open_WhereNothingCanBeWritten_SaysSo(string path, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder where nobody may write.");
        await FailsAsync(StudyStore.For(path), expected);
    }

    [Fact]
    public async Task Open_AFolder_SaysSo() => await FailsAsync(StudyStore.For(_folder.FullName), "the file cannot be opened for writing");

    [Fact]
    public async Task FinishRung_OnAFullDisk_SaysSoAndGoesOnWhenThereIsRoom()
    {
        var dialect = new SqliteDialect(PathOfFile);
        await using var store = new DatabaseStudy(dialect);
        await store.OpenAsync(Study, Cancellation);
        var claim = await AddAsync(store, "a");
        dialect.MaximumPages = 30;

        var error = await Assert.ThrowsAsync<DigitException>(() => store.FinishRungAsync(claim, Result(0), isLast: false, new byte[1 << 20], Cancellation));
        Assert.Contains("study.db: the disk is full, so that nothing more can be recorded. Make room and start the search again: it goes on where it was.", error.Message, StringComparison.Ordinal);
        Assert.Empty((await store.ChangesAsync(0, Cancellation)).Trials[0].Rungs);

        dialect.MaximumPages = 100000;
        Assert.True(await store.FinishRungAsync(claim, Result(0), isLast: false, new byte[1 << 20], Cancellation));
    }

    [Fact]
    public async Task Studies_SeveralInOneFile_AreToldApartByName()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await using var other = StudyStore.For(PathOfFile);
        await other.OpenAsync(Study with { Name = "digits", Seed = 8 }, Cancellation);
        Assert.Empty((await other.ChangesAsync(0, Cancellation)).Trials);
        Assert.Equal(0, (await AddAsync(other, "b")).Trial.Number);
        Assert.Equal(["letters", "digits"], (await other.StudiesAsync(Cancellation)).Select(study => study.Name));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override Task<IStudyStore> NewAsync() => Task.FromResult<IStudyStore>(StudyStore.For(PathOfFile));

    private protected override IStudyStore Another() => StudyStore.For(PathOfFile);

    private protected override Task ExpireAsync()
    {
        Execute("UPDATE digitml_trials SET lease_end = 1 WHERE state = 'Running'");
        return Task.CompletedTask;
    }

    private static async Task FailsAsync(DatabaseStudy store, string expected)
    {
        await using (store)
        {
            var error = await Assert.ThrowsAsync<DigitException>(() => store.OpenAsync(Study, Cancellation));
            Assert.StartsWith(store.Name + ": ", error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={PathOfFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

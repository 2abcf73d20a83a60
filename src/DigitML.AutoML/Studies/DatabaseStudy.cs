using System.Data.Common;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies.Database;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Studies;

/// <summary>
/// A study in SQLite or PostgreSQL, which outlives its processes. <see cref="StudyStore.For"/> makes one. A database holds any number of
/// studies, told apart by their names.
/// </summary>
/// <remarks>
/// Whatever changes a trial is one transaction, guarded by the claim's token. When a connection breaks, nobody knows whether the last one was
/// committed, so that each may be done twice: a rung that was recorded says so again, and a claim whose answer was lost ends with its lease.
/// </remarks>
public sealed class DatabaseStudy : IStudyStore
{
    private const string Held = "study = @study AND number = @number AND token = @token AND state = 'Running'";

    private readonly StudyDialect _dialect;
    private readonly PatientDatabase _database;
    private long? _study;

    internal DatabaseStudy(StudyDialect dialect, TimeSpan? patience = null)
    {
        _dialect = dialect;
        _database = new PatientDatabase(dialect, patience, notice => Notice?.Invoke(notice));
    }

    /// <summary>Is told in one line that the database is away and waited for, and that it is back. Called from the threads that wait.</summary>
    public event Action<string>? Notice;

    /// <inheritdoc/>
    public string Name => _dialect.Name;

    /// <summary>The studies that the database holds, in the order in which they began. Creates nothing but the tables.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DigitException">The database cannot be reached or read; one line.</exception>
    public Task<IReadOnlyList<StudyDescription>> StudiesAsync(CancellationToken cancellationToken) => _database.DoAsync<IReadOnlyList<StudyDescription>>(async connection =>
    {
        await UpgradeAsync(connection, cancellationToken).ConfigureAwait(false);
        return await connection.RowsAsync("SELECT description FROM digitml_studies ORDER BY id", [], row => StudyDescription.FromJson(row.GetString(0), Name), cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    /// <inheritdoc/>
    public async Task OpenAsync(StudyDescription wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        _study = await _database.DoAsync(async connection =>
        {
            await UpgradeAsync(connection, cancellationToken).ConfigureAwait(false);
            var study = await _database.InTransactionAsync(connection, () => JoinAsync(connection, wanted, cancellationToken), cancellationToken).ConfigureAwait(false);
            await FreeWhatDeadWorkersHoldAsync(connection, study, cancellationToken).ConfigureAwait(false);
            return study;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<StudyChanges> ChangesAsync(long since, CancellationToken cancellationToken) => _database.DoAsync(async connection =>
    {
        // One query, and so one view of the database: trials, results and the revision belong together.
        var trials = new List<TrialRecord>();
        var rungs = new List<RungResult>();
        var revision = since;
        const int RungsFrom = 1 + StudyRows.TrialWidth;
        await connection.RowsAsync(
            $"""
            SELECT next.revision, {Columns("t", StudyRows.TrialColumns)}, {Columns("r", StudyRows.RungColumns)}
            FROM (SELECT {_dialect.NextRevision} AS revision) AS next
            LEFT JOIN digitml_trials AS t ON t.study = @study AND t.revision >= @since
            LEFT JOIN digitml_rung_results AS r ON r.study = t.study AND r.trial = t.number
            ORDER BY t.number, r.rung
            """,
            [("study", Study), ("since", since)],
            row =>
            {
                revision = row.GetInt64(0);
                if (!row.IsDBNull(1))
                {
                    if (trials.Count == 0 || trials[^1].Number != row.GetInt32(1))
                    {
                        TakeRungs();
                        trials.Add(StudyRows.Trial(row, 1, Name));
                    }

                    if (!row.IsDBNull(RungsFrom))
                    {
                        rungs.Add(StudyRows.Rung(row, RungsFrom));
                    }
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        TakeRungs();
        return new StudyChanges(trials, revision);

        void TakeRungs()
        {
            if (rungs.Count > 0)
            {
                trials[^1] = trials[^1] with { Rungs = [.. rungs] };
                rungs.Clear();
            }
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<TrialClaim?> ClaimWaitingAsync(string worker, TimeSpan lease, CancellationToken cancellationToken) =>
        ClaimAsync($"state IN ('Waiting', 'Running') AND lease_end <= {_dialect.Now} ORDER BY number", [], worker, lease, cancellationToken);

    /// <inheritdoc/>
    public Task<TrialClaim?> ClaimPausedAsync(string worker, IReadOnlyList<int> candidates, int rung, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            return Task.FromResult<TrialClaim?>(null);
        }

        var order = string.Concat(candidates.Select((number, place) => Invariant($" WHEN {number} THEN {place}")));
        return ClaimAsync($"state = 'Paused' AND rung_count = @rungs AND number IN ({Numbers(candidates)}) ORDER BY CASE number{order} END", [("rungs", rung + 1)], worker, lease, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TrialClaim?> AddAsync(string worker, int maximumTrials, TimeSpan lease, CancellationToken cancellationToken)
    {
        // The study's own row is what adders wait for, so that no number is left out when one of them fails. Where one statement can do both, nobody
        // holds that row while a message travels.
        const int FirstToken = 1;
        const string Count = "UPDATE digitml_studies SET trial_count = trial_count + 1 WHERE id = @study AND trial_count < @most RETURNING trial_count - 1";
        const string Insert = "INSERT INTO digitml_trials (study, number, state, worker, rung_count, token, lease_end, revision)";
        var values = $"'Running', @worker, 0, {FirstToken}, {_dialect.Now} + @lease, {_dialect.NewRevision}";
        (string, object?)[] counted = [("study", Study), ("most", maximumTrials)];
        (string, object?)[] inserted = [("study", Study), ("worker", worker), ("lease", Milliseconds(lease))];
        return _database.DoAsync(async connection =>
        {
            var number = _dialect.ChangesInWith
                ? await connection.NumberAsync($"WITH counted AS ({Count} AS number) {Insert} SELECT @study, number, {values} FROM counted RETURNING number", [.. inserted, ("most", maximumTrials)], cancellationToken).ConfigureAwait(false)
                : await _database.InTransactionAsync(connection, async () =>
                {
                    var next = await connection.NumberAsync(Count, counted, cancellationToken).ConfigureAwait(false);
                    if (next is not null)
                    {
                        await connection.RunAsync($"{Insert} VALUES (@study, @number, {values})", [.. inserted, ("number", next)], cancellationToken).ConfigureAwait(false);
                    }

                    return next;
                }, cancellationToken).ConfigureAwait(false);
            return number is null ? null : new TrialClaim(new TrialRecord { Number = (int)number, State = TrialState.Running, Worker = worker }, FirstToken, default);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> SetSettingsAsync(TrialClaim claim, TrialSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return ChangeAsync(claim, $"settings = @settings, revision = {_dialect.NewRevision}", [("settings", settings.ToJson())], cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(TrialClaim claim, TimeSpan lease, CancellationToken cancellationToken) =>
        ChangeAsync(claim, $"lease_end = {_dialect.Now} + @lease", [("lease", Milliseconds(lease))], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(TrialClaim claim, CancellationToken cancellationToken) =>
        ChangeAsync(claim, $"state = 'Waiting', worker = NULL, lease_end = 0, revision = {_dialect.NewRevision}", [], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FailAsync(TrialClaim claim, string reason, CancellationToken cancellationToken) => _database.DoAsync(connection => _database.InTransactionAsync(connection, async () =>
        await ChangeAsync(connection, claim, $"state = 'Failed', worker = NULL, lease_end = NULL, error = @error, revision = {_dialect.NewRevision}", [("error", reason)], cancellationToken).ConfigureAwait(false)
        && await SetCheckpointAsync(connection, claim.Trial.Number, default, cancellationToken).ConfigureAwait(false), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinishRungAsync(TrialClaim claim, RungResult result, bool isLast, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(result);
        return _database.DoAsync(connection => _database.InTransactionAsync(connection, async () =>
        {
            var state = isLast ? nameof(TrialState.Finished) : nameof(TrialState.Paused);
            if (!await ChangeAsync(
                connection,
                claim,
                $"state = @state, worker = NULL, lease_end = NULL, finished_by = token, rung_count = rung_count + 1, revision = {_dialect.NewRevision}",
                [("state", state)],
                cancellationToken).ConfigureAwait(false))
            {
                // Refused, unless it was this very claim that finished it and whose answer was lost.
                return await connection.NumberAsync(
                    "SELECT finished_by FROM digitml_trials WHERE study = @study AND number = @number",
                    [("study", Study), ("number", claim.Trial.Number)],
                    cancellationToken).ConfigureAwait(false) == claim.Token;
            }

            await connection.RunAsync(
                $"INSERT INTO digitml_rung_results (study, trial, {StudyRows.RungColumns}) VALUES (@study, @trial, {Columns("@", StudyRows.RungColumns)})",
                [("study", Study), ("trial", claim.Trial.Number), .. StudyRows.ValuesOf(result)],
                cancellationToken).ConfigureAwait(false);
            return await SetCheckpointAsync(connection, claim.Trial.Number, isLast ? default : checkpoint, cancellationToken).ConfigureAwait(false);
        }, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DropCheckpointsAsync(IReadOnlyList<int> trials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trials);
        if (trials.Count > 0)
        {
            await _database.DoAsync(connection => connection.RunAsync(
                $"""
                DELETE FROM digitml_checkpoints WHERE study = @study AND trial IN (
                    SELECT number FROM digitml_trials WHERE study = @study AND state <> 'Running' AND number IN ({Numbers(trials)}){_dialect.SkipLocked})
                """,
                [("study", Study)],
                cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dialect.DisposeAsync();

    /// <inheritdoc/>
    public override string ToString() => $"study in {Name}";

    private long Study => _study ?? throw new InvalidOperationException("The study must be opened first: call OpenAsync.");

    private async Task UpgradeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // Those who find all as it should be need not queue for it.
        if (await StudySchema.VersionAsync(_dialect, connection, cancellationToken).ConfigureAwait(false) != StudySchema.Version)
        {
            await _database.InTransactionAsync(connection, async () =>
            {
                await StudySchema.UpgradeAsync(_dialect, connection, cancellationToken).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            await _dialect.PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> JoinAsync(DbConnection connection, StudyDescription wanted, CancellationToken cancellationToken)
    {
        if (await FindAsync().ConfigureAwait(false) is not { } found)
        {
            if (_dialect.LockSchema is { } hold)
            {
                await connection.RunAsync(hold, [], cancellationToken).ConfigureAwait(false);
            }

            await connection.RunAsync(
                $"""
                INSERT INTO digitml_studies (id, name, description, created, trial_count)
                SELECT COALESCE(MAX(id), 0) + 1, @name, @description, {_dialect.Now}, 0 FROM digitml_studies
                HAVING NOT EXISTS (SELECT 1 FROM digitml_studies WHERE name = @name)
                """,
                [("name", wanted.Name), ("description", wanted.ToJson())],
                cancellationToken).ConfigureAwait(false);
            found = (await FindAsync().ConfigureAwait(false))!.Value;
        }

        wanted.CheckJoins(StudyDescription.FromJson(found.Description, Name), Name);
        return found.Id;

        async Task<(long Id, string Description)?> FindAsync() => (await connection.RowsAsync<(long Id, string Description)?>(
            "SELECT id, description FROM digitml_studies WHERE name = @name",
            [("name", wanted.Name)],
            row => (row.GetInt64(0), row.GetString(1)),
            cancellationToken).ConfigureAwait(false)).SingleOrDefault();
    }

    private async Task FreeWhatDeadWorkersHoldAsync(DbConnection connection, long study, CancellationToken cancellationToken)
    {
        var workers = await connection.RowsAsync(
            "SELECT DISTINCT worker FROM digitml_trials WHERE study = @study AND state IN ('Waiting', 'Running') AND worker IS NOT NULL",
            [("study", study)],
            row => row.GetString(0),
            cancellationToken).ConfigureAwait(false);
        foreach (var worker in workers.Where(WorkerName.IsGone))
        {
            await connection.RunAsync(
                $"UPDATE digitml_trials SET state = 'Waiting', worker = NULL, lease_end = 0, revision = {_dialect.NewRevision} WHERE study = @study AND state = 'Running' AND worker = @worker",
                [("study", study), ("worker", worker)],
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Claims the first trial of a choice that nobody else is claiming just now. What it has reached is read afterwards: nobody else may change that
    /// any more.
    /// </summary>
    private Task<TrialClaim?> ClaimAsync(string choice, (string Name, object? Value)[] values, string worker, TimeSpan lease, CancellationToken cancellationToken) => _database.DoAsync(async connection =>
    {
        var claimed = await connection.RowsAsync(
            $"""
            UPDATE digitml_trials SET state = 'Running', worker = @worker, token = token + 1, lease_end = {_dialect.Now} + @lease, revision = {_dialect.NewRevision}
            WHERE study = @study AND number = (SELECT number FROM digitml_trials WHERE study = @study AND {choice} LIMIT 1{_dialect.SkipLocked})
            RETURNING {StudyRows.TrialColumns}, token, rung_count
            """,
            [("study", Study), ("worker", worker), ("lease", Milliseconds(lease)), .. values],
            row => (Trial: StudyRows.Trial(row, 0, Name), Token: row.GetInt64(StudyRows.TrialWidth), RungCount: row.GetInt32(StudyRows.TrialWidth + 1)),
            cancellationToken).ConfigureAwait(false);
        if (claimed is not [var (trial, token, rungCount)])
        {
            return null;
        }

        if (rungCount == 0)
        {
            return new TrialClaim(trial, token, default);
        }

        (string, object?)[] which = [("study", Study), ("trial", trial.Number)];
        var rungs = await connection.RowsAsync($"SELECT {StudyRows.RungColumns} FROM digitml_rung_results WHERE study = @study AND trial = @trial ORDER BY rung", which, row => StudyRows.Rung(row, 0), cancellationToken).ConfigureAwait(false);
        var checkpoint = (byte[]?)await connection.ValueAsync("SELECT data FROM digitml_checkpoints WHERE study = @study AND trial = @trial", which, cancellationToken).ConfigureAwait(false);
        return new TrialClaim(trial with { Rungs = rungs }, token, checkpoint);
    }, cancellationToken);

    private Task<bool> ChangeAsync(TrialClaim claim, string change, (string Name, object? Value)[] values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _database.DoAsync(connection => ChangeAsync(connection, claim, change, values, cancellationToken), cancellationToken);
    }

    private async Task<bool> ChangeAsync(DbConnection connection, TrialClaim claim, string change, (string Name, object? Value)[] values, CancellationToken cancellationToken) =>
        await connection.RunAsync(
            $"UPDATE digitml_trials SET {change} WHERE {Held}",
            [("study", Study), ("number", claim.Trial.Number), ("token", claim.Token), .. values],
            cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Puts a checkpoint in the place of the one before; an empty one only takes that away. Always true.</summary>
    private async Task<bool> SetCheckpointAsync(DbConnection connection, int number, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.IsEmpty)
        {
            await connection.RunAsync("DELETE FROM digitml_checkpoints WHERE study = @study AND trial = @trial", [("study", Study), ("trial", number)], cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await connection.RunAsync(
                "INSERT INTO digitml_checkpoints (study, trial, data) VALUES (@study, @trial, @data) ON CONFLICT (study, trial) DO UPDATE SET data = excluded.data",
                [("study", Study), ("trial", number), ("data", checkpoint.ToArray())],
                cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string Numbers(IReadOnlyList<int> numbers) => string.Join(", ", numbers.Select(number => Invariant($"{number}")));

    /// <summary>Columns of an alias (<c>t</c> gives <c>t.number</c>), or the values of their names (<c>@</c> gives <c>@number</c>).</summary>
    private static string Columns(string prefix, string names) => string.Join(", ", names.Split(", ").Select(name => prefix == "@" ? $"@{name}" : $"{prefix}.{name}"));
}

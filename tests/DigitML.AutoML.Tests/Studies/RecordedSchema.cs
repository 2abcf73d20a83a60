using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>A study as the first version of the schema kept it, recorded; never to be changed.</summary>
internal static class RecordedSchema
{
    /// <summary>Statements that make it: one trial paused, one running.</summary>
    /// <param name="bytes">The database's type of bytes.</param>
    public static string Version1(string bytes) => $$"""
        CREATE TABLE digitml_schema (version INTEGER NOT NULL);
        INSERT INTO digitml_schema (version) VALUES (1);
        CREATE TABLE digitml_studies (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, created BIGINT NOT NULL, trial_count INTEGER NOT NULL);
        CREATE TABLE digitml_trials (
            study INTEGER NOT NULL REFERENCES digitml_studies (id), number INTEGER NOT NULL, state TEXT NOT NULL, settings TEXT, worker TEXT, error TEXT,
            rung_count INTEGER NOT NULL, token BIGINT NOT NULL, lease_end BIGINT, revision BIGINT NOT NULL, PRIMARY KEY (study, number));
        CREATE INDEX digitml_trials_revision ON digitml_trials (study, revision);
        CREATE TABLE digitml_rung_results (
            study INTEGER NOT NULL, trial INTEGER NOT NULL, rung INTEGER NOT NULL, epochs INTEGER NOT NULL, accuracy DOUBLE PRECISION, macro_accuracy DOUBLE PRECISION,
            log_loss DOUBLE PRECISION, seconds DOUBLE PRECISION NOT NULL, model_bytes BIGINT NOT NULL, finished_at BIGINT NOT NULL, worker TEXT NOT NULL,
            PRIMARY KEY (study, trial, rung), FOREIGN KEY (study, trial) REFERENCES digitml_trials (study, number));
        CREATE TABLE digitml_checkpoints (
            study INTEGER NOT NULL, trial INTEGER NOT NULL, data {{bytes}} NOT NULL,
            PRIMARY KEY (study, trial), FOREIGN KEY (study, trial) REFERENCES digitml_trials (study, number));
        INSERT INTO digitml_studies VALUES (1, 'letters',
            '{"Name":"letters","Dataset":"synthetic digits","IsSynthetic":true,"DataHash":"{{new string('a', 64)}}","Space":"[]","Tuner":"asha-tpe","Rungs":[1,3,9],"Metric":0,"Seed":7}',
            1777863721123, 2);
        INSERT INTO digitml_trials VALUES (1, 0, 'Paused', '{"units1":8,"activation":"relu"}', NULL, NULL, 1, 1, NULL, 3);
        INSERT INTO digitml_trials VALUES (1, 1, 'Running', '{"units1":9,"activation":"elu"}', 'other/17/23/0', NULL, 0, 4, 1, 2);
        INSERT INTO digitml_rung_results VALUES (1, 0, 0, 1, 0.9, 0.8, NULL, 1.5, 12, 1777863721123, 'other/17/23/0');
        INSERT INTO digitml_checkpoints VALUES (1, 0, '{{(bytes == "BLOB" ? "" : "\\x")}}00');
        """.Replace("'00'", "X'00'", StringComparison.Ordinal);

    /// <summary>Opens it with this program, and works on.</summary>
    public static async Task CheckAsync(DatabaseStudy store, StudyDescription study)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using (store)
        {
            var lease = TimeSpan.FromMinutes(1);
            var trials = (await store.ChangesOf(study, cancellation)).Trials;
            Assert.Equal([TrialState.Paused, TrialState.Running], trials.Select(trial => trial.State));
            Assert.Equal((0.9, double.NaN), (trials[0].Last!.Score.Accuracy, trials[0].Last!.Score.LogLoss));

            var paused = (await store.ClaimPausedAsync("a", [0], 0, lease, cancellation))!;
            Assert.Equal(new byte[] { 0 }, paused.Checkpoint.ToArray());
            Assert.True(await store.FinishRungAsync(paused, paused.Trial.Last! with { Rung = 1 }, isLast: true, default, cancellation));
            Assert.True(await store.FinishRungAsync(paused, paused.Trial.Last! with { Rung = 1 }, isLast: true, default, cancellation));
            var expired = (await store.ClaimWaitingAsync("a", lease, cancellation))!;
            Assert.Equal((1, 5), (expired.Trial.Number, expired.Token));
            Assert.Equal(2, (await store.AddAsync("a", 3, lease, cancellation))!.Trial.Number);
        }
    }
}

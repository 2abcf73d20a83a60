using System.Data.Common;
using System.Diagnostics;
using DigitML.IO;

namespace DigitML.AutoML.Studies.Database;

/// <summary>A database that may be away for a while: what is asked of it is asked again, and its errors become one line.</summary>
/// <param name="dialect">Which database.</param>
/// <param name="patience">How long it may be away; null for ten minutes.</param>
/// <param name="tell">Is told in one line that it is away, and that it is back.</param>
internal sealed class PatientDatabase(StudyDialect dialect, TimeSpan? patience, Action<string> tell)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    /// <summary>Time after which a user should know why nothing happens.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(10);

    /// <summary>Does something in one transaction, which is committed at its end.</summary>
    public async Task<T> InTransactionAsync<T>(DbConnection connection, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var transaction = await dialect.BeginAsync(connection, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var result = await work().ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
    }

    /// <summary>Does something that may be done twice: again while the database is away, until patience is at its end.</summary>
    public async Task<T> DoAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var pause = s_firstPause;
        var wasTold = false;
        while (true)
        {
            try
            {
                var connection = await dialect.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    var result = await work(connection).ConfigureAwait(false);
                    if (wasTold)
                    {
                        tell(Invariant($"{dialect.Name}: back after {clock.Elapsed.TotalSeconds:F0} s."));
                    }

                    return result;
                }
            }
            catch (Exception error) when (dialect.IsAway(error) && !cancellationToken.IsCancellationRequested)
            {
                if (clock.Elapsed + pause >= _patience)
                {
                    throw new DigitException(Invariant($"{dialect.Name}: {dialect.Explain(error)} It was tried for {clock.Elapsed.TotalSeconds:F0} s. What was recorded is safe: start again when it is back."), error);
                }

                if (!wasTold && clock.Elapsed >= s_silence)
                {
                    wasTold = true;
                    tell(Invariant($"{dialect.Name}: {dialect.Explain(error)} Trying for {_patience.TotalSeconds:F0} s; nothing is lost meanwhile."));
                }

                // Connections that lie in the pool are broken too. Who waits comes back at another moment than the others.
                dialect.Reset();
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
            catch (Exception error) when (error is not (DigitException or OperationCanceledException) && dialect.Explain(error) is { } line)
            {
                throw new DigitException($"{dialect.Name}: {line}", error);
            }
        }
    }
}

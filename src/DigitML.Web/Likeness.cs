using DigitML.Reading;

namespace DigitML.Web;

/// <summary>Digits like the one that was read. They are drawn and asked about beside the first requests, which do without them.</summary>
internal sealed class Likeness
{
    private readonly Task<SimilarDigits?> _digits;

    /// <summary>Begins.</summary>
    /// <param name="model">The model that reads.</param>
    /// <param name="life">When the server is ready, and when it ends.</param>
    public Likeness(LoadedModel model, IHostApplicationLifetime life)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        life.ApplicationStarted.Register(ready.SetResult);
        _digits = SimilarDigits.Suits(model.Model) ? Draw(ready.Task, model, life.ApplicationStopping) : Task.FromResult<SimilarDigits?>(null);
    }

    /// <summary>The digits; null until they are ready, and for models that have no hidden layer.</summary>
    public SimilarDigits? Digits => _digits.IsCompletedSuccessfully ? _digits.Result : null;

    private static async Task<SimilarDigits?> Draw(Task ready, LoadedModel model, CancellationToken cancellationToken)
    {
        await ready.WaitAsync(cancellationToken);
        return await Task.Run(() => SimilarDigits.Of(model.Model, cancellationToken: cancellationToken), cancellationToken);
    }
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using DigitML.AutoML.Charts;
using DigitML.Charts;
using DigitML.Web.Studies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary><c>GET /api/study</c> and its charts: how a study stands while it runs.</summary>
internal sealed class StudyEndpoint
{
    /// <summary>A chart is drawn anew after so long at the soonest: the forest of the importance takes a second.</summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ShownStudy _shown;
    private readonly Lock _lock = new();
    private Watched? _watched;

    /// <summary>Creates the endpoint.</summary>
    public StudyEndpoint(ShownStudy shown) => _shown = shown;

    /// <summary>Answers how it stands.</summary>
    /// <exception cref="BadHttpRequestException">404: there is no study yet.</exception>
    public async Task<FileContentHttpResult> HandleAsync(HttpContext context)
    {
        var watched = Watch();
        var look = await watched.Watch.LookAsync(context.RequestAborted);
        return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(StudyDocument.Of(watched.Source.Description, look), StudyJson.Default.StudyDocument), "application/json; charset=utf-8");
    }

    /// <summary>Draws one chart.</summary>
    /// <exception cref="BadHttpRequestException">404: there is no such chart, or no study yet.</exception>
    public async Task<FileContentHttpResult> DrawAsync(string name, HttpContext context)
    {
        var watched = Watch();
        var description = watched.Source.Description;
        Func<StudyLook, Figure> draw = name switch
        {
            "progress" => look => StudyChart.Progress(description, look.Trials),
            "rungs" => look => StudyChart.Rungs(description, look.Trials),
            "settings" => look => StudyChart.Settings(description, look.Trials),
            "importance" => look => StudyChart.Importance(description, look.Trials),
            _ => throw new BadHttpRequestException($"There is no chart '{name}'; there are progress, rungs, settings and importance.", StatusCodes.Status404NotFound),
        };
        var look = await watched.Watch.LookAsync(context.RequestAborted);
        var drawn = watched.Charts.AddOrUpdate(name, _ => Draw(), (_, before) => before.Results == look.Results || _time.GetUtcNow() - before.At < s_keep ? before : Draw());
        return TypedResults.Bytes(await drawn.Svg.Value.WaitAsync(context.RequestAborted), "image/svg+xml; charset=utf-8");

        // Drawn once, however many ask.
        Drawn Draw() => new(look.Results, _time.GetUtcNow(), new Lazy<Task<byte[]>>(() => Task.Run(() => Encoding.UTF8.GetBytes(draw(look).ToSvg()))));
    }

    /// <summary>The study that is shown now: another search is another study, with charts of its own.</summary>
    private Watched Watch()
    {
        var source = _shown.Source ?? throw new BadHttpRequestException("Nothing has been searched yet. Begin a search at /train.", StatusCodes.Status404NotFound);
        lock (_lock)
        {
            return _watched is { } watched && ReferenceEquals(watched.Source, source) ? watched : _watched = new Watched(source, new StudyWatch(source, _time));
        }
    }

    private sealed record Watched(StudySource Source, StudyWatch Watch)
    {
        public ConcurrentDictionary<string, Drawn> Charts { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Drawn(int Results, DateTimeOffset At, Lazy<Task<byte[]>> Svg);
}

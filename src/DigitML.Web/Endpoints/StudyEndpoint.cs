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

    private readonly StudySource? _source;
    private readonly StudyWatch? _watch;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Drawn> _charts = new(StringComparer.Ordinal);

    /// <summary>Creates the endpoint, which is mapped when there is a study.</summary>
    public StudyEndpoint(WebOptions options)
    {
        _time = TimeProvider.System;
        _source = options.Study;
        _watch = _source is null ? null : new StudyWatch(_source, _time);
    }

    private StudySource Source => _source ?? throw new InvalidOperationException("There is no study to show.");

    /// <summary>Answers how it stands.</summary>
    public async Task<FileContentHttpResult> HandleAsync(HttpContext context)
    {
        var look = await _watch!.LookAsync(context.RequestAborted);
        return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(StudyDocument.Of(Source.Description, look), StudyJson.Default.StudyDocument), "application/json; charset=utf-8");
    }

    /// <summary>Draws one chart.</summary>
    /// <exception cref="BadHttpRequestException">There is no such chart.</exception>
    public async Task<FileContentHttpResult> DrawAsync(string name, HttpContext context)
    {
        Func<StudyLook, Figure> draw = name switch
        {
            "progress" => look => StudyChart.Progress(Source.Description, look.Trials),
            "rungs" => look => StudyChart.Rungs(Source.Description, look.Trials),
            "settings" => look => StudyChart.Settings(Source.Description, look.Trials),
            "importance" => look => StudyChart.Importance(Source.Description, look.Trials),
            _ => throw new BadHttpRequestException($"There is no chart '{name}'; there are progress, rungs, settings and importance.", StatusCodes.Status404NotFound),
        };
        var look = await _watch!.LookAsync(context.RequestAborted);
        var drawn = _charts.AddOrUpdate(name, _ => Draw(), (_, before) => before.Results == look.Results || _time.GetUtcNow() - before.At < s_keep ? before : Draw());
        return TypedResults.Bytes(await drawn.Svg.Value.WaitAsync(context.RequestAborted), "image/svg+xml; charset=utf-8");

        // Drawn once, however many ask.
        Drawn Draw() => new(look.Results, _time.GetUtcNow(), new Lazy<Task<byte[]>>(() => Task.Run(() => Encoding.UTF8.GetBytes(draw(look).ToSvg()))));
    }

    private sealed record Drawn(int Results, DateTimeOffset At, Lazy<Task<byte[]>> Svg);
}

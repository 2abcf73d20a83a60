using System.Net;
using DigitML.IO;
using DigitML.Web.Endpoints;
using DigitML.Web.Http;
using DigitML.Web.Monitoring;
using DigitML.Web.Studies;
using DigitML.Web.Trainings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Trace;

namespace DigitML.Web;

/// <summary>The page and the HTTP API over one model.</summary>
public static class DigitServer
{
    /// <summary>Builds the server; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="options">How it listens and what it allows.</param>
    /// <param name="model">What it serves.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static WebApplication Build(WebOptions options, LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        options.Validate();

        // An empty builder: what is served and where is said by the options alone, not by files and variables that happen
        // to lie around. The others also watch the whole folder they are started in for changes of such files.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(DigitServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        var isStarted = false;
        Logging.Configure(builder.Logging, options.JsonLog, () => Volatile.Read(ref isStarted));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services
            .AddRoutingCore()
            .AddSingleton(options)
            .AddSingleton(model)
            .AddSingleton<WebMetrics>()
            .AddSingleton(services => services.GetRequiredService<WebMetrics>().ToPrometheus())
            .AddSingleton<BodyBudget>()
            .AddSingleton<ReadGate>()
            .AddSingleton<UploadReader>()
            .AddSingleton<Likeness>()
            .AddSingleton<ReadEndpoint>()
            .AddSingleton<ShownStudy>()
            .AddSingleton<StudyEndpoint>()
            .AddSingleton<CorrectionsEndpoint>()
            .AddSingleton<TrainingDesk>()
            .AddSingleton<Readiness>()
            .AddHostedService(services => services.GetRequiredService<Readiness>())
            .AddSingleton<IProblemDetailsWriter, ProblemWriter>()
            .AddProblemDetails()
            .AddTracing(options)
            .AddHttpLimits(options)
            .AddApiDescription(options);

        // Reads take their threads for as long as they last; those beyond answer whether the server is alive meanwhile.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, ReadGate.Permits(options) + 4), ports);

        var app = builder.Build();
        _ = app.Services.GetService<TracerProvider>();
        app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref isStarted, true));
        app.UseRouting();
        app.UseMiddleware<RequestMonitor>();
        app.UseMiddleware<SecurityHeaders>();

        // The log of failures is the problem writer's: one line for those that nobody expects, with what the answer calls them.
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = ProblemWriter.StatusOf, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages();
        app.UseHttpLimits(options);
        app.MapPage(options);
        app.MapExamples();
        app.MapHealth();
        app.MapApi(options);
        return app;
    }

    /// <summary>Serves until told to stop, then finishes what is running.</summary>
    /// <param name="options">How the server listens and what it allows.</param>
    /// <param name="model">What it serves.</param>
    /// <param name="cancellationToken">Stops the server in an orderly way, as Ctrl+C and SIGTERM do.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DigitException">The address or the port cannot be listened on, or the port is taken.</exception>
    public static async Task RunAsync(WebOptions options, LoadedModel model, CancellationToken cancellationToken = default)
    {
        await using var app = Build(options, model);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new DigitException(Invariant($"{nameof(options.Address)} {options.Address}, {nameof(options.Port)} {options.Port}: already in use by another program. Choose another port, or 0 for any that is free."), error);
        }
        catch (System.Net.Sockets.SocketException error)
        {
            throw new DigitException($"{nameof(options.Address)} {options.Address}, {nameof(options.Port)} {options.Port}: cannot be listened on: {error.Message}.", error);
        }

        Announce(app, options);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static void Announce(WebApplication app, WebOptions options)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DigitML.Web");
        foreach (var url in app.Urls)
        {
            log.Serving(url);
        }

        if (!IsLoopback(options.Address))
        {
            log.Exposed(options.Address, options.ApiKey is null ? "Anyone who reaches it may use it: no key is asked for." : "Callers need the key; it travels unencrypted unless a proxy with TLS stands before it.");
        }
    }

    private static void Configure(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaximumBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1_000, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MaxConcurrentConnections = 5_000;
        switch (options.Address)
        {
            case "localhost" when options.Port != 0:
                kestrel.ListenLocalhost(options.Port);
                break;
            case "localhost":
                kestrel.Listen(IPAddress.Loopback, options.Port);
                break;
            case "*":
                kestrel.ListenAnyIP(options.Port);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(options.Address), options.Port);
                break;
        }
    }

    private static bool IsLoopback(string address) => address == "localhost" || (address != "*" && IPAddress.IsLoopback(IPAddress.Parse(address)));
}

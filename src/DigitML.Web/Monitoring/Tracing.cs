using DigitML.Reading;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DigitML.Web.Monitoring;

/// <summary>Traces of requests and of the steps of a reading, sent by OTLP to where OpenTelemetry's own variables say.</summary>
internal static class Tracing
{
    /// <summary>Begins to trace, where the options ask for it.</summary>
    public static IServiceCollection AddTracing(this IServiceCollection services, WebOptions options) => options.Trace
        ? services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("digitml", autoGenerateServiceInstanceId: false).AddEnvironmentVariableDetector())
            .AddSource(ReadingTrace.SourceName, "Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build())
        : services;
}

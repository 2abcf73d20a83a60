using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace DigitML.Web.Http;

/// <summary>Who may call the API, how often and from where.</summary>
internal static class HttpLimits
{
    /// <summary>Adds what the limits need.</summary>
    public static IServiceCollection AddHttpLimits(this IServiceCollection services, WebOptions options)
    {
        if (options.CorsOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. options.CorsOrigins])
                .WithMethods("GET", "POST")
                .WithHeaders("Content-Type", "Content-Disposition", "Authorization", ApiKeyGuard.Header)
                .WithExposedHeaders("Retry-After")));
        }

        if (options.RequestsPerMinute > 0)
        {
            services.AddRateLimiter(limiter =>
            {
                limiter.AddPolicy(AddressPolicy, context => RateLimitPartition.GetTokenBucketLimiter(PartitionOf(context.Connection.RemoteIpAddress), _ => BucketOf(options.RequestsPerMinute)));
                limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                limiter.OnRejected = (rejected, _) =>
                {
                    var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
                    rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                    return ValueTask.CompletedTask;
                };
            });
        }

        return services;
    }

    /// <summary>Puts the limits before the endpoints.</summary>
    public static void UseHttpLimits(this WebApplication app, WebOptions options)
    {
        if (options.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }

        if (options.RequestsPerMinute > 0)
        {
            // Before the key is looked at, so that keys cannot be guessed quickly.
            app.UseRateLimiter();
        }
    }

    /// <summary>Holds endpoints to the limits.</summary>
    public static RouteGroupBuilder WithLimits(this RouteGroupBuilder group, WebOptions options)
    {
        if (options.RequestsPerMinute > 0)
        {
            group.RequireRateLimiting(AddressPolicy);
        }

        if (options.ApiKey is { } key)
        {
            group.AddEndpointFilter(new ApiKeyGuard(key));
        }

        return group;
    }

    /// <summary>One address is one caller; of IPv6, the half that a provider gives to one house.</summary>
    internal static IPAddress PartitionOf(IPAddress? address)
    {
        if (address is null || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address ?? IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private const string AddressPolicy = "address";

    private static TokenBucketRateLimiterOptions BucketOf(int requestsPerMinute) => new()
    {
        TokenLimit = requestsPerMinute,
        TokensPerPeriod = Math.Max(1, requestsPerMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(requestsPerMinute >= 60 ? 1 : 60.0 / requestsPerMinute),
        QueueLimit = 0,
    };
}

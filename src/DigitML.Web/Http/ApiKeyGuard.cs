using System.Security.Cryptography;
using System.Text;

namespace DigitML.Web.Http;

/// <summary>Lets requests pass that carry the key.</summary>
internal sealed class ApiKeyGuard : IEndpointFilter
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Api-Key";

    private readonly byte[] _hash;

    /// <summary>Creates the guard.</summary>
    /// <param name="key">The key.</param>
    public ApiKeyGuard(string key) => _hash = HashOf(key);

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Hashes have one length and are compared in one time, so that answers tell nothing of the key.
        var given = HashOf(KeyIn(context.HttpContext.Request.Headers));
        if (!CryptographicOperations.FixedTimeEquals(given, _hash))
        {
            throw new BadHttpRequestException($"This server asks for a key. Send it as the header {Header}, or as Authorization: Bearer.", StatusCodes.Status401Unauthorized);
        }

        return next(context);
    }

    private static string KeyIn(IHeaderDictionary headers)
    {
        const string bearer = "Bearer ";
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..] : headers[Header].ToString();
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

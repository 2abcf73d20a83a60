using System.Net;

namespace DigitML.Web.Http;

/// <summary>
/// Lets only callers of this machine pass: from a loopback address, under a name of this machine (a foreign name that leads here would be
/// another site's page), and not from another site's page.
/// </summary>
internal sealed class LocalOnly : IEndpointFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var isHere = context.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        var isNamedSo = request.Host.Host == "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var named) && IPAddress.IsLoopback(named));
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return isHere && isNamedSo && (site is "" or "same-origin" or "none")
            ? next(context)
            : throw new BadHttpRequestException("Training is for the user of the machine that serves, at http://127.0.0.1 or http://localhost, alone.", StatusCodes.Status403Forbidden);
    }
}

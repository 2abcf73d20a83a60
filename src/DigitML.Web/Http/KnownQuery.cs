namespace DigitML.Web.Http;

/// <summary>Refuses parameters that an endpoint does not know: a misspelt one would be left unheard.</summary>
/// <param name="known">Those that it knows.</param>
internal sealed class KnownQuery(params string[] known) : IEndpointFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var name in context.HttpContext.Request.Query.Keys)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var expected = known.Length == 0 ? "This address takes none." : $"There are {string.Join(", ", known)}.";
                throw new BadHttpRequestException($"There is no parameter '{name}' here. {expected}");
            }
        }

        return next(context);
    }
}

namespace DigitML.Web.Endpoints;

/// <summary>The page's files, which are part of the program.</summary>
internal static class PageEndpoints
{
    private const string Prefix = "Page/";

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds one endpoint a file; <c>index.html</c> is <c>/</c>, and <c>model.html</c> is <c>/model</c>.</summary>
    public static void MapPage(this WebApplication app)
    {
        foreach (var resource in typeof(PageEndpoints).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var file = PageFile.Load(resource, resource[Prefix.Length..]);
            app.MapMethods(file.Route, s_methods, (HttpContext context) => file.AnswerAsync(context)).ExcludeFromDescription();
        }
    }
}

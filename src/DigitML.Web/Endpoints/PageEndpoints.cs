using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace DigitML.Web.Endpoints;

/// <summary>The page's files, which are part of the program.</summary>
internal static class PageEndpoints
{
    private const string OfStudy = "study.";
    private const string OfTraining = "train.";

    /// <summary>Adds an endpoint for each file; <c>index.html</c> is <c>/</c>, and <c>model.html</c> is <c>/model</c>. The study's are there when a study is or may be searched, the training's when training is allowed.</summary>
    public static void MapPage(this WebApplication app, WebOptions web)
    {
        var files = new EmbeddedFileProvider(typeof(DigitServer).Assembly, "DigitML.Web.Page");
        var options = new StaticFileOptions { FileProvider = files, OnPrepareResponse = Prepare };
        foreach (var file in files.GetDirectoryContents("").Where(IsServed))
        {
            // The static file middleware behind a route: its requests are counted by route, and other methods are told that it is there.
            app.MapFallbackToFile(RouteOf(file.Name), file.Name, options);
        }

        bool IsServed(IFileInfo file) =>
            (web.HasStudyPage || !file.Name.StartsWith(OfStudy, StringComparison.Ordinal))
            && (web.AllowTraining || !file.Name.StartsWith(OfTraining, StringComparison.Ordinal));
    }

    private static string RouteOf(string file) => Path.GetExtension(file) switch
    {
        ".html" when file == "index.html" => "/",
        ".html" => $"/{Path.GetFileNameWithoutExtension(file)}",
        _ => $"/{file}",
    };

    private static void Prepare(StaticFileResponseContext context)
    {
        var response = context.Context.Response;
        response.Headers.CacheControl = "no-cache";
        if (response.ContentType?.StartsWith("text/", StringComparison.Ordinal) == true)
        {
            response.ContentType += "; charset=utf-8";
        }
    }
}

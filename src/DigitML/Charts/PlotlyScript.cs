using System.Net;
using System.Text;
using DigitML.IO;

namespace DigitML.Charts;

/// <summary>Where a page gets plotly.js from.</summary>
public sealed class PlotlyScript
{
    /// <summary>The version of plotly.js that figures are written for and checked with.</summary>
    public const string Version = "4.1.2";

    /// <summary>SHA-384 of that version's <c>plotly.min.js</c>, as browsers check it.</summary>
    public const string Integrity = "sha384-hHv6D3tTUUBpp4tVv6t2Dc3oGuRhphmWOTKUR8jWyN0Pnon1g3iebKCNDNmKmxo8";

    private const int MaximumScriptBytes = 32 * 1024 * 1024;

    private PlotlyScript(string tag) => Tag = tag;

    /// <summary>The pinned version from a public mirror of npm; the browser runs it only if its hash is <see cref="Integrity"/>.</summary>
    public static PlotlyScript Cdn { get; } = new(
        $"""<script src="https://cdn.jsdelivr.net/npm/plotly.js-dist-min@{Version}/plotly.min.js" integrity="{Integrity}" crossorigin="anonymous"></script>""");

    /// <summary>The element that loads it.</summary>
    internal string Tag { get; }

    /// <summary>A copy that is served beside the page or lies beside its file.</summary>
    /// <param name="address">As the page's browser sees it: <c>plotly.min.js</c>.</param>
    public static PlotlyScript At(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return new PlotlyScript($"""<script src="{WebUtility.HtmlEncode(address)}"></script>""");
    }

    /// <summary>A copy that becomes part of the page, some 5 MB, which then opens anywhere and without a network.</summary>
    /// <param name="path">The file <c>plotly.min.js</c>.</param>
    /// <exception cref="DigitException">The file cannot be read, is larger than 32 MiB or would end its element.</exception>
    public static PlotlyScript Embedded(string path)
    {
        var script = Encoding.UTF8.GetString(BoundedFile.Read(path, MaximumScriptBytes, "plotly.min.js"));
        if (!script.Contains("Plotly", StringComparison.OrdinalIgnoreCase) || script.Contains("</script", StringComparison.OrdinalIgnoreCase))
        {
            throw new DigitException($"{path}: expected plotly.min.js but found something else.");
        }

        return new PlotlyScript($"<script>{script}</script>");
    }
}

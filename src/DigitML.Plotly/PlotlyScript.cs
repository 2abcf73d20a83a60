using System.Net;
using System.Security.Cryptography;
using System.Text;
using Plotly.NET;

namespace DigitML.Plotly;

/// <summary>Where a page gets plotly.js from. The script is the one that Plotly.NET brings, which is npm's to the last byte.</summary>
public sealed class PlotlyScript
{
    private static readonly Lazy<string> s_text = new(Read);

    private readonly Lazy<string> _tag;

    private PlotlyScript(PlotlyJSReference reference, Func<string> tag)
    {
        Reference = reference;
        _tag = new Lazy<string>(tag);
    }

    /// <summary>The version of plotly.js.</summary>
    public static string Version => Globals.PLOTLYJS_VERSION;

    /// <summary>The script itself, 3.6 MB, for who serves it beside pages.</summary>
    public static string Text => s_text.Value;

    /// <summary>SHA-384 of the script, as browsers check it.</summary>
    public static string Integrity => "sha384-" + Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The script becomes part of the page, which then opens anywhere and without a network; what pages have unless they ask for another.</summary>
    public static PlotlyScript Embedded { get; } = new(PlotlyJSReference.Full, () => $"""<script>{Text}</script>""");

    /// <summary>A public mirror of npm; pages stay small and need a network, and the browser runs the script only if its hash is <see cref="Integrity"/>.</summary>
    public static PlotlyScript Cdn { get; } = new(
        PlotlyJSReference.NewCDN(CdnAddress),
        () => $"""<script src="{CdnAddress}" integrity="{Integrity}" crossorigin="anonymous"></script>""");

    private static string CdnAddress => $"https://cdn.jsdelivr.net/npm/plotly.js-dist-min@{Version}/plotly.min.js";

    /// <summary>The element that loads it.</summary>
    internal string Tag => _tag.Value;

    /// <summary>The same in Plotly.NET's words.</summary>
    internal PlotlyJSReference Reference { get; }

    /// <summary>A copy that is served beside the page or lies beside its file.</summary>
    /// <param name="address">As the page's browser sees it: <c>plotly.min.js</c>.</param>
    public static PlotlyScript At(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return new PlotlyScript(PlotlyJSReference.NewCDN(address), () => $"""<script src="{WebUtility.HtmlEncode(address)}"></script>""");
    }

    private static string Read()
    {
        var name = $"Plotly.NET.plotly-{Version}.min.js";
        using var stream = typeof(Trace).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Plotly.NET: expected its resource {name} but found none. Use the version of Plotly.NET that DigitML.Plotly was built with.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

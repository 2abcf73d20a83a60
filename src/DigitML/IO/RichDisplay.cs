using System.Diagnostics.CodeAnalysis;

namespace DigitML.IO;

/// <summary>
/// How the library's results look in a notebook. Charts and pictures are SVG and PNG, which GitHub shows too, and charts are figures in
/// Plotly's schema beside it, which clients that know Plotly draw so that a pointer can ask them; what is a table stays a table. Types name this class by <see cref="TypeFormatterSourceAttribute"/>; the rooms that draw and write results add how.
/// </summary>
internal sealed class RichDisplay
{
    public const string Html = "text/html";
    public const string Svg = "image/svg+xml";
    public const string Png = "image/png";

    /// <summary>What Plotly's own libraries write into notebooks: an object with <c>data</c> and <c>layout</c>.</summary>
    public const string PlotlyFigure = "application/vnd.plotly.v1+json";
    public const string Plain = "text/plain";

    private static readonly List<Func<IEnumerable<RichFormatter>>> s_sources = [];

    /// <summary>Adds a room's formatters; called when the assembly is loaded, and they are made when a notebook asks for them.</summary>
    public static void Add(Func<IEnumerable<RichFormatter>> formatters)
    {
        lock (s_sources)
        {
            s_sources.Add(formatters);
        }
    }

    /// <summary>Called by the notebook's kernel.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The kernel looks for an instance method.")]
    public IEnumerable<object> CreateTypeFormatters()
    {
        lock (s_sources)
        {
            return [.. s_sources.SelectMany(formatters => formatters())];
        }
    }

    /// <summary>A formatter of one type and MIME type.</summary>
    public static RichFormatter Of<T>(string mimeType, Func<T, string?> render) => new(typeof(T), mimeType, value => render((T)value));
}

/// <summary>Renders values of one type as one MIME type, in the shape that .NET Interactive looks for.</summary>
/// <param name="type">What is rendered.</param>
/// <param name="mimeType">As what.</param>
/// <param name="render">How; null when a value has nothing to show.</param>
internal sealed class RichFormatter(Type type, string mimeType, Func<object, string?> render)
{
    /// <summary>What is rendered.</summary>
    public Type Type { get; } = type;

    /// <summary>As what.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes a value; false when another formatter should.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (!Type.IsInstanceOfType(instance) || render(instance) is not { } text)
        {
            return false;
        }

        writer.Write(text);
        return true;
    }
}

/// <summary>
/// Names what renders a type in notebooks. .NET Interactive and <c>digitml notebook</c> look for an attribute of this name
/// with these properties, whoever declares it, so no package is needed.
/// </summary>
/// <param name="formatterSourceType">Has a public constructor without parameters and <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = true)]
internal sealed class TypeFormatterSourceAttribute(
    [DynamicallyAccessedMembers(TypeFormatterSourceAttribute.Needed)] Type formatterSourceType) : Attribute
{
    private const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    /// <summary>What renders the type.</summary>
    [DynamicallyAccessedMembers(Needed)]
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>What a notebook shows when nothing else is asked for, best first.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}

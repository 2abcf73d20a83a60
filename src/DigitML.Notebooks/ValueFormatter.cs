using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;

namespace DigitML.Notebooks;

/// <summary>
/// Renders values by .NET Interactive's naming convention: an attribute named TypeFormatterSourceAttribute on a type, or on
/// one it derives from, names a class whose CreateTypeFormatters() gives formatters. Whoever declares them, nothing but the
/// names counts.
/// </summary>
internal static class ValueFormatter
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const int MostItems = 20;
    private const string Plain = "text/plain";

    /// <summary>A value as one or more MIME types; text/plain is always among them unless one type was asked for.</summary>
    public static IReadOnlyList<(string MimeType, string Text)> Format(object? value, string? mimeType = null)
    {
        if (mimeType == Plain || value is null)
        {
            return [(Plain, PlainText(value))];
        }

        if (value is HtmlContent html)
        {
            return [("text/html", html.Content), (Plain, html.Content)];
        }

        var rich = Rich(value, mimeType);
        if (rich is not null)
        {
            return [rich.Value, (Plain, PlainText(value))];
        }

        return value is IEnumerable and not string && Table(value) is { } table
            ? [("text/html", table), (Plain, Text(value))]
            : [(Plain, Text(value))];
    }

    private static string PlainText(object? value) => (value is null ? null : Rich(value, Plain)?.Text) ?? Text(value);

    private static (string MimeType, string Text)? Rich(object value, string? mimeType)
    {
        foreach (var type in Ancestry(value.GetType()))
        {
            foreach (var attribute in type.GetCustomAttributes(inherit: false).Where(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute"))
            {
                if (Property<Type>(attribute, "FormatterSourceType") is not { } sourceType)
                {
                    continue;
                }

                var preferred = mimeType is null ? Property<string[]>(attribute, "PreferredMimeTypes") ?? ["text/html"] : [mimeType];
                var source = Activator.CreateInstance(sourceType, nonPublic: true)!;
                var formatters = ((IEnumerable)sourceType.GetMethod("CreateTypeFormatters", Any)!.Invoke(source, null)!).Cast<object>().ToArray();
                foreach (var format in preferred)
                {
                    foreach (var formatter in formatters.Where(formatter => Property<string>(formatter, "MimeType") == format))
                    {
                        if ((Property<Type>(formatter, "Type") ?? type).IsInstanceOfType(value) && Write(formatter, value) is { } text)
                        {
                            return (format, text);
                        }
                    }
                }
            }
        }

        return null;
    }

    private static string? Write(object formatter, object value)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var method = formatter.GetType().GetMethods(Any).First(method => method.Name == "Format" && method.GetParameters() is [var first, var second] && first.ParameterType == typeof(object) && second.ParameterType == typeof(TextWriter));
        return method.Invoke(formatter, [value, writer]) is true ? writer.ToString() : null;
    }

    private static IEnumerable<Type> Ancestry(Type type)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }

        foreach (var contract in type.GetInterfaces())
        {
            yield return contract;
        }
    }

    private static T? Property<T>(object instance, string name)
        where T : class => instance.GetType().GetProperty(name, Any)?.GetValue(instance) as T;

    /// <summary>Values in a row: each richly if they can, else records as a table of their simple properties; null when there is nothing to see but text.</summary>
    private static string? Table(object value)
    {
        var items = ((IEnumerable)value).Cast<object?>().Take(MostItems + 1).ToArray();
        if (items.Length == 0 || items.Any(item => item is null))
        {
            return null;
        }

        var rest = items.Length > MostItems ? $"<p>The first {MostItems} are shown.</p>" : "";
        var rich = items.Take(MostItems).Select(item => Rich(item!, "text/html")?.Text).ToArray();
        if (rich.All(html => html is not null))
        {
            return string.Concat(rich) + rest;
        }

        var properties = items[0]!.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.GetIndexParameters().Length == 0 && IsSimple(property.PropertyType)).ToArray();
        if (properties.Length == 0 || IsSimple(items[0]!.GetType()) || items.Any(item => item!.GetType() != items[0]!.GetType()))
        {
            return null;
        }

        var html = new StringBuilder("<table><thead><tr>").AppendJoin("", properties.Select(property => $"<th{Alignment(property)}>{WebUtility.HtmlEncode(property.Name)}</th>")).Append("</tr></thead><tbody>\n");
        foreach (var item in items.Take(MostItems))
        {
            html.Append("<tr>").AppendJoin("", properties.Select(property => $"<td{Alignment(property)}>{WebUtility.HtmlEncode(Text(property.GetValue(item)))}</td>")).Append("</tr>\n");
        }

        return html.Append("</tbody></table>").Append(rest).ToString();
    }

    /// <summary>Text is set left; numbers are set as tables set them, right.</summary>
    private static string Alignment(PropertyInfo property) => property.PropertyType == typeof(string) ? " style=\"text-align: left\"" : "";

    private static bool IsSimple(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(TimeSpan) || type == typeof(DateTime) || type == typeof(DateTimeOffset)
        || (Nullable.GetUnderlyingType(type) is { } underlying && IsSimple(underlying));

    private static string Text(object? value) => value switch
    {
        null => "<null>",
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items when !OverridesToString(value) => Sequence(items),
        _ => value.ToString() ?? "",
    };

    private static string Sequence(IEnumerable items)
    {
        var texts = items.Cast<object?>().Take(MostItems + 1).Select(Text).ToArray();
        return $"[ {string.Join(", ", texts.Take(MostItems))}{(texts.Length > MostItems ? ", …" : "")} ]";
    }

    private static bool OverridesToString(object value) =>
        value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(ValueType);
}

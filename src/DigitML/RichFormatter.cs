namespace DigitML;

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

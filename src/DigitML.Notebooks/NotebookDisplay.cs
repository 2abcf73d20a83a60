using System.Diagnostics.CodeAnalysis;

namespace DigitML.Notebooks;

#pragma warning disable IDE1006 // Cells call these as they do in .NET Interactive.

/// <summary>What cells use to show values: the names that .NET Interactive gives them.</summary>
[SuppressMessage("Naming", "CA1708", Justification = "Cells are C#, and these are .NET Interactive's names.")]
public static class NotebookDisplay
{
    private static readonly AsyncLocal<CellOutputs?> _outputs = new();

    internal static CellOutputs? Outputs
    {
        get => _outputs.Value;
        set => _outputs.Value = value;
    }

    /// <summary>Shows a value, richly if its type says how.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeType">As what; null leaves the choice to the value.</param>
    public static void display(object? value, string? mimeType = null) => Outputs?.Show(ValueFormatter.Format(value, mimeType));

    /// <summary>Shows a value, richly if its type says how.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeType">As what; null leaves the choice to the value.</param>
    /// <returns>The value.</returns>
    public static T Display<T>(this T value, string? mimeType = null)
    {
        display(value, mimeType);
        return value;
    }

    /// <summary>HTML that is shown as it is.</summary>
    /// <param name="content">Markup.</param>
    public static HtmlContent HTML(string content) => new(content);
}

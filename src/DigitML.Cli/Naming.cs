namespace DigitML.Cli;

/// <summary>How figures call the data they are about.</summary>
internal static class Naming
{
    /// <summary>The data's name, with the word synthetic where a program drew them and the name does not say so.</summary>
    public static string Of(string dataset, bool isSynthetic) =>
        isSynthetic && !dataset.Contains("synthetic", StringComparison.OrdinalIgnoreCase) ? $"{dataset} (synthetic)" : dataset;

    /// <summary>What a line of figures ends with when they are about digits that a program drew.</summary>
    public static string Note(bool isSynthetic) => isSynthetic ? " (synthetic)" : "";
}

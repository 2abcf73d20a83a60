namespace DigitML.Models.Onnx;

/// <summary>Shows names from a file in an error: on one line, of bounded length and without control characters.</summary>
internal static class Quote
{
    private const int MaximumLength = 80;

    public static string Name(string name)
    {
        var shown = name.Length > MaximumLength ? $"{name[..MaximumLength]}…" : name;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }
}

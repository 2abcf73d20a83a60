namespace DigitML.Web;

/// <summary>Where the model lies that is served when none is named.</summary>
public static class ShippedModel
{
    private static readonly string InFolder = Path.Combine("artifacts", "digits.onnx");

    /// <summary>The model's file.</summary>
    /// <param name="named">The file that the caller named; null for the one that ships.</param>
    /// <exception cref="DigitException">None was named and none is there.</exception>
    public static string Find(string? named) =>
        named
        ?? new[] { InFolder, Path.Combine(AppContext.BaseDirectory, InFolder) }.FirstOrDefault(File.Exists)
        ?? throw new DigitException($"No model: expected {InFolder} here or beside the program. Train one with 'digitml train', or name one with --model.");
}

namespace DigitML.Web.Tests;

/// <summary>The model that ships, with its evaluation and history.</summary>
internal static class TestModel
{
    /// <summary>The model.</summary>
    public static LoadedModel Loaded { get; } = LoadedModel.Shipped();
}

namespace DigitML.Notebooks;

/// <summary>HTML that a cell shows as it is.</summary>
/// <param name="Content">Markup.</param>
public sealed record HtmlContent(string Content)
{
    /// <inheritdoc/>
    public override string ToString() => Content;
}

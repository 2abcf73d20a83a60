using DigitML.Charts;

namespace DigitML.Reports;

/// <summary>A piece of a document that is written as Markdown, as HTML, or as both.</summary>
internal abstract record Block
{
    /// <summary>A heading; level 1 is the document's own.</summary>
    public sealed record Heading(int Level, string Text) : Block;

    /// <summary>Plain text, shown letter by letter.</summary>
    public sealed record Paragraph(string Text) : Block;

    /// <summary>A verdict that should be seen first.</summary>
    public sealed record Verdict(bool IsGood, string Text) : Block;

    /// <summary>A table of plain texts; the first column is set left, the others right.</summary>
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : Block;

    /// <summary>What something is; the second column may be code.</summary>
    public sealed record Facts(IReadOnlyList<(string Name, string Value)> Items) : Block;

    /// <summary>A chart; Markdown leaves it out.</summary>
    public sealed record Chart(Figure Figure) : Block;
}

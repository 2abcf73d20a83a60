using DigitML.Charts;

namespace DigitML.Reports;

/// <summary>How a report's page draws its charts. <see cref="Svg"/> needs neither script nor network; the package DigitML.Plotly has another.</summary>
/// <param name="Head">HTML that the page's head holds once, for all charts; empty for none.</param>
/// <param name="Draw">One figure as HTML, whose texts come from outside and must stay texts.</param>
public sealed record ReportCharts(string Head, Func<Figure, string> Draw)
{
    /// <summary>Each chart a picture, which browsers, mail and paper show alike.</summary>
    public static ReportCharts Svg { get; } = new("", figure => figure.ToSvg());
}

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
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : Block
    {
        /// <summary>Whether the last column is text that wants room, set left and broken into lines.</summary>
        public bool HasTextLast { get; init; }
    }

    /// <summary>What something is; the second column may be code.</summary>
    public sealed record Facts(IReadOnlyList<(string Name, string Value)> Items) : Block;

    /// <summary>A chart; Markdown leaves it out.</summary>
    public sealed record Chart(Figure Figure) : Block;
}

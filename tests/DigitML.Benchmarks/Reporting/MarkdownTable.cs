using System.Globalization;
using System.Text;

namespace DigitML.Benchmarks.Reporting;

/// <summary>A Markdown table: the first column to the left, figures to the right.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;

    /// <summary>Starts a table.</summary>
    public MarkdownTable(params string[] header)
    {
        _columns = header.Length;
        Add(header);
        _text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", _columns - 1))}");
    }

    /// <summary>Adds a row of as many cells as the header has.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != _columns)
        {
            throw new ArgumentException($"Expected {_columns} cells but got {cells.Length}.", nameof(cells));
        }

        _text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}

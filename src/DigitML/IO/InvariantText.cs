using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace DigitML.IO;

/// <summary>What the compiler makes of an interpolated string where its numbers are to be written the same under every culture.</summary>
[InterpolatedStringHandler]
public ref struct InvariantText
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Begins a text; called by the compiler.</summary>
    /// <param name="literalLength">Characters between the holes.</param>
    /// <param name="formattedCount">Holes.</param>
    public InvariantText(int literalLength, int formattedCount) => _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Appends what stands between holes; called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Appends a hole's value; called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    /// <summary>The text; it can be taken once.</summary>
    public override string ToString() => _text.ToStringAndClear();

    /// <summary>What the compiler writes for a record, which takes the current culture for its numbers.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="printMembers">The record's own PrintMembers, which the compiler makes.</param>
    internal static string OfRecord(string name, Func<StringBuilder, bool> printMembers)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var text = new StringBuilder(name).Append(" { ");
            return text.Append(printMembers(text) ? " }" : "}").ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}

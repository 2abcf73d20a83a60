using DigitML.IO;

namespace DigitML.Data;

/// <summary>How a CSV file is read; what is not said is found out from the file.</summary>
public sealed record CsvOptions
{
    /// <summary>What stands between columns: <c>,</c> <c>;</c> a tab, <c>|</c>, or a blank for any run of blanks.</summary>
    /// <value>null: found out.</value>
    public char? Separator { get; init; }

    /// <summary>What stands before a number's fraction: a point or a comma.</summary>
    /// <value>null: found out.</value>
    public char? DecimalSeparator { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    /// <value>null: found out.</value>
    public bool? HasHeader { get; init; }

    /// <summary>The column of the classes, by its name or by its place from 1; <c>none</c> when there is none.</summary>
    /// <value>null: found out.</value>
    public string? LabelColumn { get; init; }

    /// <summary>Columns that are left out, each by its name or by its place from 1.</summary>
    /// <value>Empty. A column that only counts the rows is left out without being named.</value>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// The features in their order, as <see cref="FeatureDetails.FeatureNames"/> has them where a model learnt: columns by their names, and
    /// <c>colour=red</c> for a word that a column of words may hold. Other columns are left out.
    /// </summary>
    /// <value>Empty: all columns but the classes' are features, and a column of words becomes a feature for each of its words.</value>
    public IReadOnlyList<string> FeatureColumns { get; init; } = [];

    /// <summary>Whether the columns are a table's, each a feature of its own, rather than the pixels of pictures.</summary>
    /// <value>null: found out; 784 columns of numbers from 0 to 255 are a picture's.</value>
    public bool? IsTable { get; init; }

    /// <summary>Pixels a row of a picture.</summary>
    /// <value>28. 1 to 4,096.</value>
    public int Width { get; init; } = 28;

    /// <summary>Rows of a picture.</summary>
    /// <value>28. 1 to 4,096.</value>
    public int Height { get; init; } = 28;

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        const int LargestSide = 4096;
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Width, LargestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Height, LargestSide);
        if (Separator is not (null or ',' or ';' or '\t' or '|' or ' '))
        {
            throw new ArgumentException($"{nameof(Separator)} must be a comma, a semicolon, a tab, a bar or a blank; got '{Separator}'.");
        }

        if (DecimalSeparator is not (null or '.' or ','))
        {
            throw new ArgumentException($"{nameof(DecimalSeparator)} must be a point or a comma; got '{DecimalSeparator}'.");
        }

        if (Separator == ',' && DecimalSeparator == ',')
        {
            // Only quotes could tell them apart, and with quotes nothing needs to be said.
            throw new ArgumentException($"{nameof(Separator)} and {nameof(DecimalSeparator)} must differ; both are a comma.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(CsvOptions), PrintMembers);
}

namespace DigitML.AutoML.Programs;

/// <content>What programs of tables say of columns and rows.</content>
internal sealed partial class WinnersProgram
{
    /// <summary>How a table is read: its features are those that the winner learnt from, wherever they stand.</summary>
    private string TableOptions(params string[] first) => string.Join(", ", ((string[])
    [
        .. first,
        csv.HasHeader is { } header ? $"HasHeader = {(header ? "true" : "false")}" : "",
        csv.Separator is { } separator ? $"Separator = {Character(separator)}" : "",
        csv.DecimalSeparator is { } sign ? $"DecimalSeparator = {Character(sign)}" : "",
        FeatureNames.Count == 0 && csv.IgnoredColumns.Count > 0 ? $"IgnoredColumns = [{string.Join(", ", csv.IgnoredColumns.Select(Literal))}]" : "",
    ]).Where(part => part.Length > 0));

    private bool HasNames => Kind == Input.Rows && FeatureNames.Count > 0;

    private string Columns() => HasNames ? $"string[] columns = [{string.Join(", ", FeatureNames.Select(Literal))}];" : "";

    private IReadOnlyList<string> FeatureNames => _data.Table!.Details.FeatureNames;

    private string Sample()
    {
        var row = new float[_data.Table!.FeatureCount];
        _data.Table.CopyRow(0, row);
        return string.Join(", ", row.Select(value => Invariant($"{value:R}f")));
    }

    /// <summary>The first row as the API takes it.</summary>
    private string SampleJson()
    {
        var row = new float[FeatureCount];
        _data.Table!.CopyRow(0, row);
        if (!HasNames)
        {
            return $"[{string.Join(", ", row.Select(value => Invariant($"{value:R}")))}]";
        }

        var parts = new List<string>();
        for (var i = 0; i < row.Length; i++)
        {
            var at = FeatureNames[i].IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || row[i] is not (0 or 1))
            {
                parts.Add(Invariant($"{Literal(FeatureNames[i])}: {row[i]:R}"));
            }
            else if (row[i] == 1)
            {
                parts.Add($"{Literal(FeatureNames[i][..at])}: {Literal(FeatureNames[i][(at + 1)..])}");
            }
        }

        return $"{{{string.Join(", ", parts).Replace("'", "\\u0027", StringComparison.Ordinal)}}}";
    }
}

namespace DigitML.Data;

/// <summary>The structures of Apache Parquet's parquet.thrift that a reader of it goes through.</summary>
internal enum ParquetThrift
{
    /// <summary>Any; its fields are not known.</summary>
    Other,
    File,
    Schema,
    Group,
    Sorting,
    ColumnChunk,
    Column,
    PageEncodings,
    Pair,
    Statistics,
    Page,
    DataPage,
    DataPage2,
    DictionaryPage,
}

/// <summary>What a field of a structure is.</summary>
/// <param name="Type">n for a whole number, b for true or false, s for bytes, { for a structure, [ for a list, ? for what is not known.</param>
/// <param name="Of">Of a list, what its elements are.</param>
/// <param name="Inside">The structure that it is, or that the elements are.</param>
internal readonly record struct ParquetField(char Type, char Of = '?', ParquetThrift Inside = ParquetThrift.Other)
{
    /// <summary>An element of the list.</summary>
    public ParquetField Element => new(Of, Inside: Inside);

    /// <summary>Whether a type of the compact protocol is such a field.</summary>
    public bool Takes(int type) => Type switch
    {
        'n' => type is 4 or 5 or 6,
        'b' => type is 1 or 2,
        's' => type == 8,
        '[' => type is 9 or 10,
        '{' => type == 12,
        _ => true,
    };
}

/// <summary>The fields of each structure.</summary>
internal static class ParquetFields
{
    private static readonly ParquetField s_number = new('n');
    private static readonly ParquetField s_flag = new('b');
    private static readonly ParquetField s_bytes = new('s');
    private static readonly ParquetField s_any = new('?');

    private static readonly Dictionary<ParquetThrift, ParquetField[]> s_fields = new()
    {
        [ParquetThrift.File] = [s_number, List(ParquetThrift.Schema), s_number, List(ParquetThrift.Group), List(ParquetThrift.Pair), s_bytes, List(ParquetThrift.Other), Struct(ParquetThrift.Other), s_bytes],
        [ParquetThrift.Schema] = [s_number, s_number, s_number, s_bytes, s_number, s_number, s_number, s_number, s_number, Struct(ParquetThrift.Other)],
        [ParquetThrift.Group] = [List(ParquetThrift.ColumnChunk), s_number, s_number, List(ParquetThrift.Sorting), s_number, s_number, s_number],
        [ParquetThrift.Sorting] = [s_number, s_flag, s_flag],
        [ParquetThrift.ColumnChunk] = [s_bytes, s_number, Struct(ParquetThrift.Column), s_number, s_number, s_number, s_number, Struct(ParquetThrift.Other), s_bytes],
        [ParquetThrift.Column] =
        [
            s_number, new('[', 'n'), new('[', 's'), s_number, s_number, s_number, s_number, List(ParquetThrift.Pair), s_number, s_number, s_number, Struct(ParquetThrift.Statistics),
            List(ParquetThrift.PageEncodings), s_number, s_number, Struct(ParquetThrift.Other), Struct(ParquetThrift.Other),
        ],
        [ParquetThrift.PageEncodings] = [s_number, s_number, s_number],
        [ParquetThrift.Pair] = [s_bytes, s_bytes],
        [ParquetThrift.Statistics] = [s_bytes, s_bytes, s_number, s_number, s_bytes, s_bytes, s_flag, s_flag],
        [ParquetThrift.Page] = [s_number, s_number, s_number, s_number, Struct(ParquetThrift.DataPage), Struct(ParquetThrift.Other), Struct(ParquetThrift.DictionaryPage), Struct(ParquetThrift.DataPage2)],
        [ParquetThrift.DataPage] = [s_number, s_number, s_number, s_number, Struct(ParquetThrift.Statistics)],
        [ParquetThrift.DataPage2] = [s_number, s_number, s_number, s_number, s_number, s_number, s_flag, Struct(ParquetThrift.Statistics)],
        [ParquetThrift.DictionaryPage] = [s_number, s_number, s_flag],
    };

    /// <summary>What a field of a structure is, by its number, from 1.</summary>
    public static ParquetField Field(this ParquetThrift kind, int number) =>
        s_fields.TryGetValue(kind, out var fields) && number >= 1 && number <= fields.Length ? fields[number - 1] : s_any;

    private static ParquetField List(ParquetThrift of) => new('[', '{', of);

    private static ParquetField Struct(ParquetThrift kind) => new('{', Inside: kind);
}

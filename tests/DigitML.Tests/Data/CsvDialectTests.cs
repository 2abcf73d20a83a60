using System.Globalization;
using System.IO.Compression;
using System.Text;
using DigitML.Data;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Data;

/// <summary>The ways in which programs write the same pictures and tables as CSV, each read without being told how.</summary>
public class CsvDialectTests
{
    private const int Width = 7;
    private const int Height = 5;
    private const int Rows = 16;

    private static readonly Encoding[] s_encodings =
        [new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UnicodeEncoding(false, false)];

    [Fact]
    public void Read_EveryUnambiguousDialectOfPictures_GivesTheSamePixelsAndLabels()
    {
        var (pixels, labels) = Digits();
        var tried = 0;
        var wrong = new List<string>();
        foreach (var dialect in Dialects())
        {
            tried++;
            try
            {
                var bytes = dialect.Write(pixels, labels);
                var images = CsvReader.Read(new MemoryStream(bytes), "digits", Width, Height);
                if (!images.Labels.SequenceEqual(dialect.Label == Place.None ? [] : labels) || !images.Pixels.SequenceEqual(pixels))
                {
                    wrong.Add($"{dialect}: other {(images.Pixels.SequenceEqual(pixels) ? "labels" : "pixels")}");
                }
            }
            catch (DigitException error)
            {
                wrong.Add($"{dialect}: {error.Message}");
            }
        }

        Assert.True(tried >= 2000, $"{tried}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Theory]
    [InlineData(',', '.')]
    [InlineData(';', ',')]
    [InlineData('\t', ',')]
    [InlineData('|', '.')]
    [InlineData(' ', '.')]
    public void ReadTable_WordsAsClasses_GivesNamesAndValues(char separator, char point)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("iris.csv");
        var random = new Random(77);
        string[] classes = ["setosa", "versicolor", "virginica"];
        var lines = new List<string> { string.Join(separator, "sepal_length", "sepal_width", "petal_length", "species") };
        var expected = new List<float[]>();
        for (var i = 0; i < 30; i++)
        {
            var row = new[] { random.Next(10, 99) / 10f, random.Next(10, 99) / 10f, random.Next(100) };
            expected.Add(row);
            lines.Add(string.Join(separator, row.Select(value => value.ToString(CultureInfo.InvariantCulture).Replace('.', point)).Append(classes[i % 3])));
        }

        File.WriteAllLines(path, lines);
        var table = CsvReader.ReadTable(path);

        Assert.Equal((30, 3, 3), (table.Count, table.FeatureCount, table.ClassCount));
        Assert.Equal(classes, table.Details.ClassNames);
        Assert.Equal(["sepal_length", "sepal_width", "petal_length"], table.Details.FeatureNames);
        var found = new float[3];
        for (var i = 0; i < 30; i++)
        {
            table.CopyRow(i, found);
            Assert.Equal(expected[i], found);
            Assert.Equal(i % 3, table.Labels[i]);
        }
    }

    [Fact]
    public void ReadTable_MissingValues_AreTheMeanOfTheirColumn()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        File.WriteAllText(path, "a,b,class\n1,NA,x\n3,4,y\n,8,x\n");

        var content = DataFile.Read(path);

        var row = new float[2];
        content.Table!.CopyRow(0, row);
        Assert.Equal([1f, 6f], row);
        content.Table.CopyRow(2, row);
        Assert.Equal([2f, 8f], row);
        Assert.Equal($"{path}: values are missing in column 'a' in 1 of 3 rows, 'b' in 1 of 3 rows; the column's mean was put there.", Assert.Single(content.Notes));
    }

    [Theory]
    [InlineData("a,b,species\n1,2,x\n3,red,y\n", "t.csv, line 3, column 2: expected a number in 'b' but found 'red'. Leave the column out with --ignore-columns, or mend the cell.")]
    [InlineData("a,b\nx,y\nu,v\n", "t.csv: no column holds numbers below the first line, so whether that line names the columns cannot be told. Say --header yes or --header no.")]
    [InlineData("colour,a,kind\nred,1,x\nblue,2,y\n", "t.csv: columns 'colour', 'kind' hold words, and each could be the label. Say which it is: --label-column NAME.")]
    [InlineData("a,b,class\n,1,x\n,2,y\n", "t.csv: column 'a' holds no value at all. Leave it out with --ignore-columns.")]
    [InlineData("a,class\n1,x\n2,\n", "t.csv, line 3, column 2: expected a class but found nothing.")]
    [InlineData("just words\nwithout columns\n", "t.csv: expected columns with a comma, a semicolon, a tab, a bar or blanks between them but found none. Is it a CSV file?", ',')]
    public void ReadTable_WhatCannotBeTold_IsAnErrorThatNamesTheOption(string text, string message, char separator = '\0')
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        File.WriteAllText(path, text);
        var error = Assert.Throws<DigitException>(() => CsvReader.ReadTable(path, separator == '\0' ? null : new CsvOptions()));
        if (separator == '\0')
        {
            Assert.Equal(message, error.Message.Replace(path, "t.csv", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ReadTable_AColumnOfWords_IsAFeatureForEachWord()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        File.WriteAllText(path, "size,colour,kind\n1,red,x\n2,blue,y\n3,,x\n4,red,y\n5,a=b,y\n");

        var content = DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { LabelColumn = "kind" } });

        Assert.Equal(["size", "colour=a=b", "colour=blue", "colour=red"], content.Table!.Details.FeatureNames);
        Assert.Equal([[1f, 0f, 0f, 1f], [2f, 0f, 1f, 0f], [3f, 0f, 0f, 0f], [4f, 0f, 0f, 1f], [5f, 1f, 0f, 0f]], RowsOf(content.Table));
        Assert.EndsWith("4 features of a table, column 'colour' as 3 categories", content.Decision, StringComparison.Ordinal);
        Assert.Equal($"{path}: values are missing in column 'colour' in 1 of 5 rows, which count as none of its words.", Assert.Single(content.Notes));
    }

    [Fact]
    public void ReadTable_AFileForAModel_HasTheModelsFeaturesWhereverTheyStand()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        string[] wanted = ["size", "colour=a=b", "colour=blue", "colour=red", "weight"];
        float[][] expected = [[1, 0, 0, 1, 7], [2, 1, 0, 0, 8], [3, 0, 0, 0, 9]];

        // The label in front, another order, columns that nobody asked for, a word that is new; and no label at all, one row.
        File.WriteAllText(path, "kind,note,colour,weight,size,place\nx,hello,red,7,1,here\ny,you,a=b,8,2,there\ny,all,pink,9,3,there\n");
        var content = DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { FeatureColumns = wanted, LabelColumn = "kind", IsTable = true } });
        Assert.Equal(wanted, content.Table!.Details.FeatureNames);
        Assert.Equal(expected, RowsOf(content.Table));
        Assert.Equal(["x", "y"], content.Table.Details.ClassNames);
        Assert.Equal($"{path}: column 'colour' holds words that the model does not know ('pink' in 1 of 3 rows), which count as none of those it does.", Assert.Single(content.Notes));

        File.WriteAllText(path, "weight,colour,size\n7,red,1\n");
        content = DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { FeatureColumns = wanted, IsTable = true } });
        Assert.Equal(expected[..1], RowsOf(content.Table!));
        Assert.False(content.HasLabels);

        // What looks like a class and is a feature stays one; what is left is the class.
        File.WriteAllText(path, "class,b,c\n1,2,x\n0,4,y\n");
        content = DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { FeatureColumns = ["b", "class"], IsTable = true } });
        Assert.Equal([[2f, 1f], [4f, 0f]], RowsOf(content.Table!));
        Assert.Equal(["x", "y"], content.Table!.Details.ClassNames);

        File.WriteAllText(path, "weight,size\n7,1\n");
        var error = Assert.Throws<DigitException>(() => DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { FeatureColumns = wanted, IsTable = true } }));
        Assert.Equal($"{path}: expected the model's columns but found no colour=a=b, colour=blue, colour=red.", error.Message);
    }

    [Fact]
    public void ReadTable_AFileForAModelInAnotherSpelling_IsTakenByPlacesOnlyWhereAllAreNumbers()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        File.WriteAllText(path, "Size,Weight\n1,7\n2,8\n");
        Assert.Equal([[1f, 7f], [2f, 8f]], RowsOf(CsvReader.ReadTable(path, new CsvOptions { FeatureColumns = ["size", "weight"], LabelColumn = "none" })));

        // Its words, numbered anew, would stand for the model's.
        File.WriteAllText(path, "Size,Colour\n1,green\n2,white\n");
        Assert.Equal($"{path}: expected the model's columns but found no size, colour=blue, colour=red.", Assert.Throws<DigitException>(() =>
            CsvReader.ReadTable(path, new CsvOptions { FeatureColumns = ["size", "colour=blue", "colour=red"], LabelColumn = "none" })).Message);
        Assert.Contains("expected a number in 'Colour' but found 'green'", Assert.Throws<DigitException>(() =>
            CsvReader.ReadTable(path, new CsvOptions { FeatureColumns = ["size", "a", "b"], LabelColumn = "none" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataPair_ATestTableWithoutALabelThatIsKnown_NamesTheOption()
    {
        using var folder = new TemporaryFolder();
        var (train, test) = (folder.File("a.csv"), folder.File("b.csv"));
        File.WriteAllText(train, "size,kind\n1,x\n2,y\n3,x\n");
        File.WriteAllText(test, "note,size,kind\nhello,1,x\nyou,2,y\n");
        Assert.Equal($"{test}: expected a column of classes but none was found. Training and testing need one; say which it is with --label-column NAME.", Assert.Throws<DigitException>(() =>
            DataPair.Read(train, test, new DataFileOptions())).Message);
        Assert.Equal(["x", "y"], DataPair.Read(train, test, new DataFileOptions { Csv = new CsvOptions { LabelColumn = "kind" } }).Test.Table!.Details.ClassNames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReadTable_WrittenAgainInAnotherOrder_GivesTheSameRows(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var columns = Enumerable.Range(0, random.Next(1, 6)).Select(i => (Name: $"c{i}", Words: random.Next(2) == 0 ? random.Next(1, 5) : 0)).ToArray();
            var rows = Enumerable.Range(0, random.Next(8, 40)).Select(row => columns.Select(column => column.Words > 0 ? $"w{random.Next(column.Words)}" : $"{random.Next(-500, 500) / 4.0:R}").Append($"k{row % 3}").ToArray()).ToArray();
            string[] names = [.. columns.Select(column => column.Name), "kind"];
            int[] order = [.. Enumerable.Range(0, names.Length)];
            random.Shuffle(order);
            var (first, second) = (folder.File("a.csv"), folder.File("b.csv"));
            File.WriteAllLines(first, rows.Prepend(names).Select(row => string.Join(',', row)));
            File.WriteAllLines(second, rows.Prepend(names).Select(row => string.Join(';', order.Select(column => row[column]))));

            var table = CsvReader.ReadTable(first, new CsvOptions { LabelColumn = "kind", HasHeader = true });
            var again = CsvReader.ReadTable(second, new CsvOptions { FeatureColumns = table.Details.FeatureNames });

            Assert.Equal(RowsOf(table), RowsOf(again));
            Assert.Equal(table.Labels.ToArray(), again.Labels.ToArray());
        }
    }

    private static float[][] RowsOf(LabelledFeatures table) => [.. Enumerable.Range(0, table.Count).Select(row =>
    {
        var values = new float[table.FeatureCount];
        table.CopyRow(row, values);
        return values;
    })];

    [Fact]
    public void Read_OptionsThatSay_AreFollowed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("t.csv");
        File.WriteAllText(path, "a;b;kind;class\n1,5;2;x;p\n2,5;3;y;q\n3,5;3;y;p\n");

        var table = CsvReader.ReadTable(path, new CsvOptions { LabelColumn = "kind", IgnoredColumns = ["class"], DecimalSeparator = ',', Separator = ';', HasHeader = true });
        Assert.Equal(["x", "y"], table.Details.ClassNames);
        Assert.Equal(["a", "b"], table.Details.FeatureNames);
        Assert.Contains("has no column 'sort'; its 4 columns are 'a', 'b', 'kind', 'class'", Assert.Throws<DigitException>(() => CsvReader.ReadTable(path, new CsvOptions { LabelColumn = "sort" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CsvReader.ReadTable(path, new CsvOptions { Separator = 'x' }));
        Assert.Throws<ArgumentException>(() => CsvReader.ReadTable(path, new CsvOptions { Separator = ',', DecimalSeparator = ',' }));
    }

    /// <summary>Pictures with an empty border, as digits have, and labels of all kinds in no order.</summary>
    private static (byte[] Pixels, byte[] Labels) Digits()
    {
        var random = new Random(5);
        var pixels = new byte[Rows * Width * Height];
        var labels = new byte[Rows];
        for (var row = 0; row < Rows; row++)
        {
            labels[row] = (byte)((row * 7 + 3) % 10);
            for (var y = 1; y < Height - 1; y++)
            {
                for (var x = 1; x < Width - 1; x++)
                {
                    pixels[(((row * Height) + y) * Width) + x] = (byte)(random.Next(3) == 0 ? 0 : random.Next(256));
                }
            }
        }

        return (pixels, labels);
    }

    private static IEnumerable<Dialect> Dialects()
    {
        foreach (var separator in new[] { ',', ';', '\t', '|', ' ' })
        {
            foreach (var number in Enum.GetValues<Numbers>())
            {
                foreach (var point in number == Numbers.Integer ? "." : separator == ',' ? ".q" : ".,")
                {
                    foreach (var label in Enum.GetValues<Place>())
                    {
                        foreach (var header in Enum.GetValues<Header>())
                        {
                            foreach (var index in new[] { false, true })
                            {
                                foreach (var variant in Enumerable.Range(0, 4))
                                {
                                    // A heading of its own counting is what tells that a column counts, or how many columns there are.
                                    var pick = HashCode(separator, number, point, label, header, index, variant);
                                    yield return new Dialect(separator, number, point, label, header, index)
                                    {
                                        Encoding = s_encodings[pick % s_encodings.Length],
                                        LineEnd = (pick / 5 % 3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" },
                                        IsQuoted = point == 'q' || (pick / 15 % 3 == 0 && separator != ' '),
                                        IsZipped = pick / 45 % 4 == 0,
                                        EndsWithLine = pick / 180 % 2 == 0,
                                    };
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>The same in every process, unlike the runtime's.</summary>
    private static int HashCode(params object[] values)
    {
        var hash = 17u;
        foreach (var value in values)
        {
            hash = (hash * 31) + (uint)(value is char c ? c : Convert.ToInt32(value, CultureInfo.InvariantCulture));
            hash ^= hash >> 7;
        }

        return (int)(hash % 100_000);
    }

    private enum Numbers
    {
        Integer,
        Decimal,
        Exponent,
        Unit,
    }

    private enum Place
    {
        First,
        Last,
        None,
    }

    private enum Header
    {
        Named,
        Counting,
        None,
    }

    private sealed record Dialect(char Separator, Numbers Number, char Point, Place Label, Header Header, bool HasIndex)
    {
        public Encoding Encoding { get; init; } = Encoding.UTF8;

        public string LineEnd { get; init; } = "\n";

        public bool IsQuoted { get; init; }

        public bool IsZipped { get; init; }

        public bool EndsWithLine { get; init; }

        public byte[] Write(byte[] pixels, byte[] labels)
        {
            var size = Width * Height;
            var lines = new List<string>();
            var columns = size + (Label == Place.None ? 0 : 1);
            if (Header != Header.None)
            {
                var names = Enumerable.Range(0, columns).Select(i => Header == Header.Counting ? Invariant(i) : (Label == Place.First && i == 0) || (Label == Place.Last && i == size) ? "label" : $"pixel{i}");
                lines.Add(Line(HasIndex ? names.Prepend(Separator == ' ' ? "index" : "") : names));
            }

            for (var row = 0; row < labels.Length; row++)
            {
                var cells = pixels.Skip(row * size).Take(size).Select(PixelText).ToList();
                if (Label != Place.None)
                {
                    cells.Insert(Label == Place.First ? 0 : size, LabelText(labels[row]));
                }

                if (HasIndex)
                {
                    cells.Insert(0, Invariant(row));
                }

                lines.Add(Line(cells));
            }

            var text = string.Join(LineEnd, lines) + (EndsWithLine ? LineEnd : "");
            byte[] bytes = [.. Encoding.GetPreamble(), .. Encoding.GetBytes(text)];
            if (!IsZipped)
            {
                return bytes;
            }

            var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(bytes);
            }

            return zipped.ToArray();
        }

        private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);

        private string Line(IEnumerable<string> cells) => string.Join(Separator, cells.Select(cell => IsQuoted ? $"\"{cell}\"" : cell));

        private string PixelText(byte value)
        {
            var text = Number switch
            {
                Numbers.Integer => Invariant(value),
                Numbers.Decimal => $"{Invariant(value)}.0",
                Numbers.Exponent => value.ToString("0.0#####e+00", CultureInfo.InvariantCulture),
                _ => (value / 255f).ToString("R", CultureInfo.InvariantCulture),
            };
            return Point == '.' ? text : text.Replace('.', ',');
        }

        private string LabelText(byte value)
        {
            var text = Number is Numbers.Decimal or Numbers.Exponent ? $"{Invariant(value)}.0" : Invariant(value);
            return Point == '.' ? text : text.Replace('.', ',');
        }
    }
}

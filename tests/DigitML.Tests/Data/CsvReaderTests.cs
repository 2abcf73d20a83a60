using System.Globalization;
using System.Text;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Tests.Data;

public class CsvReaderTests
{
    [Theory]
    [InlineData("\n", true, true)]
    [InlineData("\r\n", true, false)]
    [InlineData("\n", false, true)]
    [InlineData("\r\n", false, false)]
    public void Read_KagglesFormat_GivesPixelsAndLabels(string lineEnd, bool hasHeading, bool hasLabels)
    {
        // More than one block of the reader's buffer.
        var random = new Random(431);
        var pixels = new byte[101 * 784];
        random.NextBytes(pixels);
        var labels = new byte[101];
        var lines = new List<string>();
        if (hasHeading)
        {
            lines.Add((hasLabels ? "label," : "") + string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}")));
        }

        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)random.Next(10);
            lines.Add((hasLabels ? $"{labels[i]}," : "") + string.Join(',', pixels.Skip(784 * i).Take(784)));
        }

        // The last line may lack its end.
        var images = Read(string.Join(lineEnd, lines) + (hasHeading ? lineEnd : ""));

        Assert.Equal((101, 28, 28), (images.Count, images.Width, images.Height));
        Assert.Equal(pixels, images.Pixels.ToArray());
        Assert.Equal(hasLabels, images.HasLabels);
        Assert.Equal(hasLabels ? labels : [], images.Labels.ToArray());
    }

    [Fact]
    public void Read_GzipAndByteOrderMarkAndBlanks_AreTakenInStride()
    {
        var text = "\uFEFFlabel,a,b,c,d,e,f\r\n\r\n 7 , 1,2 ,3,4,5,255\r\n\n";
        var images = CsvReader.Read(new MemoryStream(IdxFiles.Gzip(Encoding.UTF8.GetBytes(text))), "small", 3, 2);
        Assert.Equal([1, 2, 3, 4, 5, 255], images.Pixels.ToArray());
        Assert.Equal(7, images.Label(0));
    }

    [Theory]
    [InlineData("label,a,b,c,d,e,f\n1,1,2,3,4,5,6\n1,1,2,3,4,5\n", "bad, line 3: expected 7 columns, as in the first line, but found 6.")]
    [InlineData("1,1,2,3,4,5,6\n1,1,2,3,4,5,6,7\n", "bad, line 2: expected 7 columns, as in the first line, but found 8.")]
    [InlineData("1,1,2,3,4,5,6\n1,1,2,3,4,5,6,\n", "bad, line 2: expected 7 columns, as in the first line, but found 8.")]
    [InlineData("1,2,3,4,5,6\n1,2,3,4,5\n", "bad, line 2: expected 6 columns, as in the first line, but found 5.")]
    [InlineData("label,a,b\n", "bad: expected 7 columns (a label and 6 pixels) or 6 (pixels alone) but found 3.")]
    [InlineData("1,1,2,3,4,5,6\n1,1,2,x3,4,5,6\n", "bad, line 2, column 4: expected a pixel from 0 to 255 but found 'x3'.")]
    [InlineData("1,1,2,3,4,5,6\n1,1,2,,4,5,6\n", "bad, line 2, column 4: expected a pixel from 0 to 255 but found nothing.")]
    [InlineData("1,1,2,3,4,5,256\n", "bad, line 1, column 7: expected a pixel from 0 to 255 but found '256'.")]
    [InlineData("1,1,2,3,-1,5,6\n", "bad: expected pixels from 0 to 255, 0 to 1 or -1 to 1 but they go from -1 to 6. Were they standardised? Save them before that.")]
    [InlineData("1,1,2,3,4294967297,5,6\n", "bad, line 1, column 5: expected a pixel from 0 to 255 but found '4294967297'.")]
    [InlineData("label,a,b,c,d,e,f\n256,1,2,3,4,5,6\n", "bad, line 2, column 1: expected a label from 0 to 255 but found '256'.")]
    [InlineData("label,a,b,c,d,e,f\n0.5,1,2,3,4,5,6\n", "bad, line 2, column 1: expected a label from 0 to 255 but found '0.5'.")]
    [InlineData("1,0,2,3,4,5,0\n2,0,2,3,4,5,0\n3,0,2,3,4,5,0\n4,0,2,3,4,5,0\n5,0,2,3,4,5,0\n6,0,2,3,4,5,0\n7,0,2,3,4,5,0\n8,0,2,3,4,5,0\n9,0,2,3,4,5,0\nseven,0,2,3,4,5,0\n", "bad, line 10, column 1: expected a label from 0 to 255 but found 'seven'.")]
    [InlineData("label,a,b,c,d,e,f\n1,1,2,3,4,5,0.5\n2,1,2,3,4,5,0,5\n", "bad, line 3: expected 7 columns, as in the first line, but found 8.")]
    [InlineData("label;a;b;c;d;e;f\n1;1;2;3;4;5;0.5\n2;1;2;3;4;5;0,5\n", "bad: has numbers with a decimal point and numbers with a decimal comma. Say which it is: --decimal point or --decimal comma.")]
    [InlineData("label,a,class,c,d,e,f,g\n1,1,2,3,4,5,6,7\n", "bad: columns 'label' and 'class' could each be the label. Say which: --label-column NAME.")]
    [InlineData("1,9,9,9,9,9,1\n2,9,9,9,9,9,3\n", "bad: the first column and the last could each be the label. Say which: --label-column 1 or --label-column 7.")]
    [InlineData("<!DOCTYPE html>\n<html><body>404</body></html>", "bad: expected labelled data (IDX, CSV, NumPy, Parquet or a folder of pictures) but this is a web page (HTML), perhaps the error page of a server that should have sent the file. Get the data in one of those forms.")]
    [InlineData("", "bad: expected lines of pixels but found none.")]
    [InlineData("label,a,b,c,d,e,f\n", "bad: expected lines of pixels but found none.")]
    public void Read_SomethingWrong_NamesLineAndColumn(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DigitException>(() => Read(text, 3, 2)).Message);

    [Fact]
    public void Read_AGzipCutShort_IsRefused()
    {
        var text = string.Join('\n', Enumerable.Range(0, 500).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 10},{i % 251},2,3,4,5,6")));
        var bytes = IdxFiles.Gzip(Encoding.UTF8.GetBytes(text));
        Assert.Contains("cut short", Assert.Throws<DigitException>(() => CsvReader.Read(new MemoryStream(bytes[..^9]), "bad", 3, 2)).Message);
    }

    [Fact]
    public void Read_NoFile_NamesIt() =>
        Assert.EndsWith("none.csv: no such file.", Assert.Throws<DigitException>(() => CsvReader.Read("none.csv")).Message);

    private static LabelledImages Read(string text, int width = 28, int height = 28) =>
        CsvReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "bad", width, height);
}

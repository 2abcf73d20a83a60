using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;
using DigitML.Tests.IO;
using Parquet;
using Parquet.Schema;

namespace DigitML.Tests.Data;

/// <summary>The same digits in every form that data files have.</summary>
public sealed class DataFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LabelledImages _digits = SyntheticDigits.Create(30, 9);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0x08, "u1")]
    [InlineData(0x0B, "i2")]
    [InlineData(0x0C, "i4")]
    [InlineData(0x0D, "f4")]
    [InlineData(0x0E, "f8")]
    public void Read_IdxOfEveryType_GivesTheSamePictures(int code, string type)
    {
        foreach (var sizes in new int[][] { [30, 28, 28], [30, 784], [30, 28, 28, 1], [30, 1, 28, 28] })
        {
            var path = _folder.File($"own-images-idx{sizes.Length}");
            File.WriteAllBytes(path, Idx(code, sizes, _digits.Pixels.ToArray(), type));
            File.WriteAllBytes(_folder.File("l"), Idx(0x08, [30], _digits.Labels.ToArray(), "u1"));
            Same(DataFile.Read(path, new DataFileOptions { LabelsPath = _folder.File("l") }));
        }
    }

    [Fact]
    public void Read_IdxOfFloatsFromZeroToOne_GivesTheSamePictures()
    {
        var path = _folder.File("t-images-idx3-ubyte");
        File.WriteAllBytes(path, Idx(0x0D, [30, 28, 28], _digits.Pixels.ToArray(), "f4", scale: 1 / 255.0));
        File.WriteAllBytes(_folder.File("t-labels-idx1-ubyte"), Idx(0x08, [30], _digits.Labels.ToArray(), "u1"));
        Same(DataFile.Read(path));
        Assert.Contains("pixels 0 to 1", DataFile.Read(path).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_QmnistsLabelsOfEightColumns_TakesTheFirst()
    {
        var labels = new byte[30 * 8];
        for (var i = 0; i < 30; i++)
        {
            labels[8 * i] = (byte)_digits.Label(i);
            labels[(8 * i) + 3] = 77;
        }

        File.WriteAllBytes(_folder.File("qmnist-test-images-idx3-ubyte"), Idx(0x08, [30, 28, 28], _digits.Pixels.ToArray(), "u1"));
        File.WriteAllBytes(_folder.File("qmnist-test-labels-idx2-int"), Idx(0x0C, [30, 8], labels, "i4"));
        Same(DataFile.Read(_folder.File("qmnist-test-images-idx3-ubyte")));
    }

    [Fact]
    public void Read_EmnistsFiles_AreTurnedAndNamed()
    {
        var transposed = Transposed();
        foreach (var part in new[] { "train", "test" })
        {
            File.WriteAllBytes(_folder.File($"emnist-digits-{part}-images-idx3-ubyte.gz"), IdxFiles.Gzip(Idx(0x08, [30, 28, 28], transposed, "u1")));
            File.WriteAllBytes(_folder.File($"emnist-digits-{part}-labels-idx1-ubyte.gz"), IdxFiles.Gzip(Idx(0x08, [30], _digits.Labels.ToArray(), "u1")));
        }

        var path = _folder.File("emnist-digits-train-images-idx3-ubyte.gz");
        Same(DataFile.Read(path));
        Assert.Contains("transposed, as EMNIST's pictures need", DataFile.Read(path).Decision, StringComparison.Ordinal);

        // The test pictures lie beside it, and a folder of one split alone needs no choice.
        Assert.Equal(30, DataPair.Read(path, null, new DataFileOptions()).Test.Images!.Count);
        Assert.Equal(30, DataFile.Read(_folder.FullName).Test!.Images!.Count);

        // Letters count from 1 there.
        var letters = Array.ConvertAll(_digits.Labels.ToArray(), label => (byte)(label + 1));
        File.WriteAllBytes(_folder.File("emnist-letters-test-images-idx3-ubyte"), Idx(0x08, [30, 28, 28], transposed, "u1"));
        File.WriteAllBytes(_folder.File("emnist-letters-test-labels-idx1-ubyte"), Idx(0x08, [30], letters, "u1"));
        var read = DataFile.Read(_folder.File("emnist-letters-test-images-idx3-ubyte")).Images!;
        Assert.Equal(26, read.ClassCount);
        Assert.Equal("A", read.ClassNames[0]);
        Assert.Equal(_digits.Labels.ToArray(), read.Labels.ToArray());
        Assert.Contains("could be meant", Assert.Throws<DigitException>(() => DataFile.Read(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("|u1", false, 1)]
    [InlineData("<f4", false, 1)]
    [InlineData(">f8", false, 1)]
    [InlineData("<f2", false, 1)]
    [InlineData("<i8", false, 1)]
    [InlineData(">u2", true, 1)]
    [InlineData("|u1", true, 1)]
    [InlineData("<f4", true, 255)]
    [InlineData("<f8", false, 255)]
    public void Read_NumPyOfEveryType_GivesTheSamePictures(string descr, bool isColumnMajor, int divisor)
    {
        var pixels = Npy(descr, [30, 28, 28], _digits.Pixels.ToArray(), isColumnMajor, divisor);
        var labels = Npy("<i8", [30], _digits.Labels.ToArray());
        File.WriteAllBytes(_folder.File("x_train.npy"), pixels);
        File.WriteAllBytes(_folder.File("y_train.npy"), labels);
        Same(DataFile.Read(_folder.File("x_train.npy")));

        using (var stream = File.Create(_folder.File("own.npz")))
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
            foreach (var (name, bytes) in new[] { ("x_train.npy", pixels), ("y_train.npy", labels), ("x_test.npy", pixels), ("y_test.npy", labels) })
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        var read = DataFile.Read(_folder.File("own.npz"));
        Same(read);
        Same(read.Test!);
    }

    [Fact]
    public void Read_PixelsAsTorchvisionsExampleNormalisesThem_AreBroughtBack()
    {
        var floats = Array.ConvertAll(_digits.Pixels.ToArray(), pixel => ((pixel / 255f) - 0.1307f) / 0.3081f);
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (30, 28, 28), }\n";
        File.WriteAllBytes(_folder.File("images.npy"), [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. floats.SelectMany(BitConverter.GetBytes)]);
        File.WriteAllBytes(_folder.File("labels.npy"), Npy("<i8", [30], _digits.Labels.ToArray()));
        Same(DataFile.Read(_folder.File("images.npy")));
    }

    [Fact]
    public void Read_LabelsAsOneHotRows_GivesClasses()
    {
        var hot = new byte[300];
        for (var i = 0; i < 30; i++)
        {
            hot[(10 * i) + _digits.Label(i)] = 1;
        }

        File.WriteAllBytes(_folder.File("images.npy"), Npy("|u1", [30, 784], _digits.Pixels.ToArray()));
        File.WriteAllBytes(_folder.File("labels.npy"), Npy("<f4", [30, 10], hot));
        Same(DataFile.Read(_folder.File("images.npy")));
    }

    [Fact]
    public async Task Read_ParquetAsHuggingFaceHasIt_GivesTheSamePictures()
    {
        Directory.CreateDirectory(_folder.File("data"));
        foreach (var part in new[] { "train", "test" })
        {
            var schema = new ParquetSchema(new StructField("image", new DataField<byte[]>("bytes"), new DataField<string>("path")), new DataField<long>("label"));
            var fields = schema.GetDataFields();
            await using var file = File.Create(_folder.File($"data/{part}-00000-of-00001.parquet"));
            await using var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: TestContext.Current.CancellationToken);
            for (var start = 0; start < 30; start += 10)
            {
                var rows = Enumerable.Range(start, 10).ToArray();
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(fields[0], Array.ConvertAll(rows, i => PngEncoder.Encode(new GreyImage(28, 28, _digits.Image(i).ToArray()))));
                await group.WriteAsync(fields[1], Array.ConvertAll(rows, i => $"{i}.png"));
                await group.WriteAsync<long>(fields[2], new ReadOnlyMemory<long>(Array.ConvertAll(rows, i => (long)_digits.Label(i))));
            }
        }

        Same(DataFile.Read(_folder.File("data/train-00000-of-00001.parquet")));
        var folder = DataFile.Read(_folder.FullName);
        Same(folder);
        Same(folder.Test!);

        var bytes = await File.ReadAllBytesAsync(_folder.File("data/train-00000-of-00001.parquet"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.File("cut.parquet"), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        Assert.StartsWith(_folder.File("cut.parquet"), Assert.Throws<DigitException>(() => DataFile.Read(_folder.File("cut.parquet"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.7 ", "a PDF document")]
    [InlineData("<!DOCTYPE HTML><html>", "a web page (HTML)")]
    [InlineData("\n\n <html lang='en'>", "a web page (HTML)")]
    [InlineData("{\"a\": 1}", "a JSON document")]
    [InlineData("<?xml version='1.0'?><a/>", "an XML document")]
    [InlineData("SQLite format 3\0", "an SQLite database")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS")]
    [InlineData("@relation iris", "an ARFF file (Weka)")]
    [InlineData("GIF89a", "a GIF picture")]
    public void Read_SomethingElse_IsCalledWhatItIs(string start, string name)
    {
        foreach (var file in new[] { "train-images-idx3-ubyte.gz", "digits.csv" })
        {
            var path = _folder.File(file);
            File.WriteAllText(path, start);
            var message = Assert.Throws<DigitException>(() => DataFile.Read(path)).Message;
            Assert.StartsWith($"{path}: expected labelled data", message, StringComparison.Ordinal);
            Assert.Contains($"but this is {name}", message, StringComparison.Ordinal);
            Assert.DoesNotContain("785", message, StringComparison.Ordinal);

            // Zipped it is still that.
            File.WriteAllBytes(path, IdxFiles.Gzip(Encoding.UTF8.GetBytes(start)));
            Assert.Contains($"but this is {name}", Assert.Throws<DigitException>(() => DataFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "Python objects")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 28, 28), }", "It is cut short, or its header is wrong")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 28), }", "expected sizes")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (3, 28), }", "integers, floats and booleans are read")]
    [InlineData("nonsense", "expected a header")]
    public void Read_NumPyHeaderThatLies_IsRefusedBeforeAnythingIsAllocated(string header, string message)
    {
        File.WriteAllBytes(_folder.File("x.npy"), [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 1, 2, 3]);
        Assert.Contains(message, Assert.Throws<DigitException>(() => DataFile.Read(_folder.File("x.npy"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MutatedFilesOfEveryKind_EndInOneLineOrData()
    {
        var seeds = new List<byte[]>
        {
            Npy("<f4", [30, 28, 28], _digits.Pixels.ToArray()),
            Idx(0x0D, [3, 28, 28], _digits.Pixels[..(3 * 784)].ToArray(), "f4"),
            Encoding.UTF8.GetBytes("label,a,b,c\n1,2,3,4\n2,3,4,5\n"),
        };
        var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("x.npy").Open();
            entry.Write(Npy("|u1", [30, 28, 28], _digits.Pixels.ToArray()));
        }

        seeds.Add(zipped.ToArray());
        var random = new Random(21);
        var path = _folder.File("mutant");
        for (var i = 0; i < 600; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Count].Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(120, bytes.Length))] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                DataFile.Read(path, new DataFileOptions { Csv = new CsvOptions { IsTable = true } });
            }
            catch (DigitException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }
    }

    private static byte[] Idx(int code, int[] sizes, byte[] values, string type, double scale = 1)
    {
        var bytes = new List<byte> { 0, 0, (byte)code, (byte)sizes.Length };
        foreach (var size in sizes)
        {
            bytes.AddRange([(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]);
        }

        bytes.AddRange(values.SelectMany(value => Number($">{type}", value * scale)));
        return [.. bytes];
    }

    private static byte[] Npy(string descr, int[] shape, byte[] values, bool isColumnMajor = false, int divisor = 1)
    {
        var header = $"{{'descr': '{descr}', 'fortran_order': {(isColumnMajor ? "True" : "False")}, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}\n";
        var order = Enumerable.Range(0, values.Length);
        if (isColumnMajor)
        {
            // The first index moves fastest.
            order = Enumerable.Range(0, values.Length).Select(i =>
            {
                var (rest, index) = (i, 0);
                var place = new int[shape.Length];
                for (var d = 0; d < shape.Length; d++)
                {
                    (rest, place[d]) = Math.DivRem(rest, shape[d]);
                }

                for (var d = 0; d < shape.Length; d++)
                {
                    index = (index * shape[d]) + place[d];
                }

                return index;
            });
        }

        return [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. order.SelectMany(i => Number(descr, (double)values[i] / divisor))];
    }

    private static byte[] Number(string descr, double value)
    {
        var bytes = new byte[descr[2] - '0'];
        var isBig = descr[0] == '>';
        switch (descr[1..])
        {
            case "u1":
                bytes[0] = (byte)value;
                break;
            case "u2":
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
                break;
            case "i2":
                BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)value);
                break;
            case "i4":
                BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
                break;
            case "i8":
                BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value);
                break;
            case "f2":
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            case "f4":
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case "f8":
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
        }

        if (isBig)
        {
            Array.Reverse(bytes);
        }

        return bytes;
    }

    private byte[] Transposed()
    {
        var turned = new byte[_digits.Pixels.Length];
        for (var i = 0; i < _digits.Count; i++)
        {
            for (var pixel = 0; pixel < 784; pixel++)
            {
                turned[(784 * i) + (pixel % 28 * 28) + (pixel / 28)] = _digits.Image(i)[pixel];
            }
        }

        return turned;
    }

    private void Same(DataContent content)
    {
        Assert.Equal((30, 28, 28), (content.Images!.Count, content.Images.Width, content.Images.Height));
        Assert.Equal(_digits.Pixels.ToArray(), content.Images.Pixels.ToArray());
        Assert.Equal(_digits.Labels.ToArray(), content.Images.Labels.ToArray());
    }
}

using System.Buffers.Binary;
using DigitML.Keras.Hdf5;
using PureHDF;

namespace DigitML.Keras.Tests.Hdf5;

public class Hdf5FileTests
{
    [Fact]
    public void Read_FileThatAnotherLibraryWrote_GivesTheSame()
    {
        var values = Enumerable.Range(0, 6).Select(i => i * 0.5f).ToArray();
        var written = new H5File
        {
            Attributes = new() { ["text"] = "réseau", ["texts"] = new[] { "a", "", "ccc" }, ["number"] = 7.0 },
            ["group"] = new H5Group
            {
                ["small"] = new H5Dataset(values, fileDims: [2, 3]),
                ["wide"] = new H5Dataset(values.Select(value => (double)value).ToArray()),
                ["half"] = new H5Dataset(values.Select(value => (Half)value).ToArray()),
                ["whole"] = new H5Dataset(new[] { 1, 2 }),
                ["large"] = new H5Dataset(new float[20_000]),
            },
        };
        using var stream = new MemoryStream();
        written.Write(stream);

        var root = new Hdf5File(stream.ToArray()).Root;
        Assert.Equal("réseau", root.Text("text"));
        Assert.Equal(["a", "", "ccc"], root.Texts("texts")!);
        Assert.Null(root.Text("nothing"));
        Assert.Contains("to be text but it is float of 8 bytes", Assert.Throws<KerasFormatException>(() => root.Text("number")).Message);
        Assert.Equal(["half", "large", "small", "whole", "wide"], root.Child("group")!.Links.Keys.Order());
        Assert.Equal([2L, 3], root.Find("group/small")!.Dataset!.Sizes);
        Assert.Equal(values, root.Find("group/small")!.Dataset!.Singles("it", false));
        Assert.Equal(values, root.Find("group/wide")!.Dataset!.Singles("it", false));
        Assert.Equal(values, root.Find("group/half")!.Dataset!.Singles("it", false));
        Assert.Equal(20_000, root.Find("group/large")!.Dataset!.Singles("it", false).Length);
        Assert.Contains("but it is integer of 4 bytes", Assert.Throws<KerasFormatException>(() => root.Find("group/whole")!.Dataset!.Singles("it", false)).Message);
        Assert.Null(root.Find("group/nothing/at/all"));
    }

    [Fact]
    public void Read_MoreMembersThanOneNodeHolds_FindsAll()
    {
        var root = new Hdf5Group();
        for (var i = 0; i < 100; i++)
        {
            root.Datasets.Add(Invariant($"d{i}"), ([1], new[] { (float)i }));
        }

        var file = new Hdf5File(ModelFiles.Join(Hdf5Writer.Write(root)));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal([(float)i], file.Root.Child(Invariant($"d{i}"))!.Dataset!.Singles("it", false));
        }

        root.Datasets.Clear();
        for (var i = 0; i <= 256; i++)
        {
            root.Datasets.Add(Invariant($"d{i}"), ([1], new float[1]));
        }

        Assert.Throws<InvalidOperationException>(() => Hdf5Writer.Write(root));
    }

    [Fact]
    public void Read_ManyTextsAndLongOnes_GivesThemBack()
    {
        var root = new Hdf5Group();
        root.Texts["empty"] = "";
        root.Texts["long"] = new string('x', 70_000);
        root.Lists["names"] = ["a", "bb", ""];
        root.Lists["none"] = [];
        root.Make("a/b").Texts["inner"] = "ü";
        var file = new Hdf5File(ModelFiles.Join(Hdf5Writer.Write(root)));
        Assert.Equal("", file.Root.Text("empty"));
        Assert.Equal(70_000, file.Root.Text("long")!.Length);
        Assert.Equal(["a", "bb", ""], file.Root.Texts("names")!);
        Assert.Equal([], file.Root.Texts("none")!);
        Assert.Equal("ü", file.Root.Find("a/b")!.Text("inner"));
        root.Lists["names"] = [.. Enumerable.Repeat("long enough a name", 4_000)];
        Assert.Throws<InvalidOperationException>(() => Hdf5Writer.Write(root));
    }

    [Fact]
    public void Read_TreeThatIsItsOwnChild_Ends()
    {
        var bytes = ModelFiles.Join(Hdf5Writer.Write(new Hdf5Group { Datasets = { ["d"] = ([1], new float[1]) } }));
        var tree = bytes.AsSpan().IndexOf("TREE"u8);
        bytes[tree + 6] = 16;
        for (var child = 0; child < 16; child++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(tree + 32 + (16 * child)), tree);
        }

        Damaged(bytes);
    }

    [Fact]
    public void Read_HeaderThatGoesOnInItself_Ends()
    {
        // The root's only message, its symbol table, becomes a continuation that leads to the message itself.
        var bytes = ModelFiles.Join(Hdf5Writer.Write(new Hdf5Group()));
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(64));
        bytes[header + 16] = 0x10;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(header + 24), header + 16);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(header + 32), 24);
        Damaged(bytes);
    }

    [Fact]
    public void Read_DatasetThatClaimsMoreThanTheFileHas_AllocatesNothingForIt()
    {
        var group = new Hdf5Group { Datasets = { ["d"] = ([40_000, 12_345], new float[3]) } };
        var dataset = new Hdf5File(ModelFiles.Join(Hdf5Writer.Write(group))).Root.Child("d")!.Dataset!;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<KerasFormatException>(() => dataset.Singles("it", false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Read_ManyNamesForOneDataset_EndsBeforeCopyingItManyTimes()
    {
        var file = new Hdf5File(ModelFiles.Join(Hdf5Writer.Write(new Hdf5Group { Datasets = { ["d"] = ([500_000], new float[500_000]) } })));
        var reads = 0;
        Assert.Throws<KerasFormatException>(() =>
        {
            for (; reads < 100; reads++)
            {
                file.Root.Child("d")!.Dataset!.Singles("it", false);
            }
        });
        Assert.InRange(reads, 1, 5);
    }

    [Theory]
    [InlineData(8, 4)]
    [InlineData(13, 4)]
    [InlineData(24, 8)]
    public void Read_SuperblockThatIsNotRead_SaysSo(int position, byte value)
    {
        var bytes = ModelFiles.Join(Hdf5Writer.Write(new Hdf5Group()));
        bytes[position] = value;
        Assert.Contains("h5py's defaults", Assert.Throws<KerasFormatException>(() => new Hdf5File(bytes)).Message);
    }

    private static void Damaged(byte[] bytes) =>
        Assert.Contains("damaged", Assert.Throws<KerasFormatException>(() => new Hdf5File(bytes).Root).Message);
}

using System.Runtime.InteropServices;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.IO;
using static DigitML.Tests.Models.TestNetworks;

namespace DigitML.Tests.Models;

/// <summary>Models whose numbers lie in a file beside theirs, as PyTorch 2.9 writes them by default.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private static readonly float[] s_weights = Numbers(35 * 3, seed: 111);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ForeignModel Model(params (string Key, string Value)[] entries) =>
        new ForeignModel().Input(-1, 35).External("w", [35, 3], entries).Then("MatMul", "w");

    private static byte[] Data(int before) => [.. new byte[before], .. MemoryMarshal.AsBytes(s_weights.AsSpan())];

    private string Write(params (string Key, string Value)[] entries)
    {
        var path = _folder.File("model.onnx");
        File.WriteAllBytes(path, Model(entries).Build());
        return path;
    }

    [Fact]
    public void Load_NumbersBesideTheFile_AreReadFromTheirPlace()
    {
        Directory.CreateDirectory(_folder.File("weights"));
        File.WriteAllBytes(_folder.File("weights/model.onnx.data"), [.. Data(before: 64), 1, 2, 3]);
        var path = Write(("location", "weights/model.onnx.data"), ("offset", "64"), ("length", "420"), ("checksum", "none"));

        var loaded = Mlp.Load(path).Layers[0];

        for (var i = 0; i < 35; i++)
        {
            for (var o = 0; o < 3; o++)
            {
                Assert.Equal(s_weights[(i * 3) + o], loaded.Weights.Span[(o * 35) + i]);
            }
        }
    }

    [Fact]
    public void Load_PlaceWithoutOffsetAndLength_IsTheFile()
    {
        File.WriteAllBytes(_folder.File("d"), Data(before: 0));
        Assert.Equal(s_weights[0], Mlp.Load(Write(("location", "d"))).Layers[0].Weights.Span[0]);
    }

    [Fact]
    public void Load_FromMemory_SaysToLoadByPath()
    {
        var error = Assert.Throws<DigitException>(() => Mlp.Load(Model(("location", "d")).Build()));
        Assert.Equal("model: tensor 'w' has its numbers in another file, 'd' (external data); load the model by its path, with that file beside it, or export it into one file.", error.Message);
    }

    public static TheoryData<string> Elsewhere => ["../secret", "a/../../secret", "/etc/hostname", "./d", "a//d", "C:\\d", "\\\\server\\d", "", "link", "folder/secret", "d:stream"];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void Load_PlaceOutOfTheFolder_IsRefused(string location)
    {
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other.File("secret"), Data(before: 0));
        File.CreateSymbolicLink(_folder.File("link"), other.File("secret"));
        Directory.CreateSymbolicLink(_folder.File("folder"), other.FullName);
        File.WriteAllBytes(_folder.File("d"), Data(before: 0));
        var error = Assert.Throws<DigitException>(() => Mlp.Load(Write(("location", location))));
        Assert.Contains("DigitML reads files in the model's own folder alone, without links out of it", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_LinkWithinTheFolder_IsFollowed()
    {
        File.WriteAllBytes(_folder.File("d"), Data(before: 0));
        File.CreateSymbolicLink(_folder.File("link"), "d");
        Assert.Equal(s_weights[0], Mlp.Load(Write(("location", "link"))).Layers[0].Weights.Span[0]);
    }

    [Theory]
    [InlineData("none", "0", "420", "which is not there; put it beside the model's file")]
    [InlineData("d", "1", "420", "takes 420 bytes from 1 of 'd', which has 420; it is cut short or another model's")]
    [InlineData("d", "0", "421", "takes 420 bytes but 421 are given for it in 'd'")]
    [InlineData("d", "9223372036854775807", "420", "from 9223372036854775807 of 'd'")]
    [InlineData("d", "-1", "420", "as a whole number but read '-1'")]
    [InlineData("d", "0", "x", "as a whole number but read 'x'")]
    public void Load_PlaceThatDoesNotFit_IsRefusedInOneLine(string location, string offset, string length, string expected)
    {
        File.WriteAllBytes(_folder.File("d"), Data(before: 0));
        var error = Assert.Throws<DigitException>(() => Mlp.Load(Write(("location", location), ("offset", offset), ("length", length))));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_ShapeOfMoreNumbersThanAreRead_AllocatesNothingForIt()
    {
        File.WriteAllBytes(_folder.File("d"), Data(before: 0));
        var path = _folder.File("model.onnx");
        File.WriteAllBytes(path, new ForeignModel().Input(-1, 35).External("w", [35, 1 << 20], ("location", "d")).Then("MatMul", "w").Build());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("which has 420", Assert.Throws<DigitException>(() => Mlp.Load(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }
}

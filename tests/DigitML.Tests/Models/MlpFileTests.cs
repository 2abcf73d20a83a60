using System.Security.Cryptography;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.IO;
using DigitML.Tests.Training;

namespace DigitML.Tests.Models;

public sealed class MlpFileTests : IDisposable
{
    private static readonly Dictionary<string, string> s_metadata = new() { ["version"] = "0.1.0", ["labels"] = "0,1", ["ü\n"] = "" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<float, float, float, int[]> Networks => new()
    {
        { 1 / 255f, 0, 1, [784, 37, 11, 10] },
        { 1 / 255f, 0.1307f, 0.3081f, [784, 10] },
        { 1, -0f, 1, [35, 3, 2] },
        { -0.25f, 0, 1e-3f, [1, 1] },
        { 0.5f, 1e-40f, 1, [7, 5, 5, 5, 5, 3] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Load_WhatSaveWrote_IsTheSameBitForBit(float scale, float mean, float deviation, int[] sizes)
    {
        var model = TestNetworks.Create(61, new PixelNormalization(scale, mean, deviation), s_metadata, sizes);
        var path = _folder.File("model.onnx");
        model.Save(path);
        var again = Mlp.Load(path);

        Assert.Equal(BitConverter.SingleToInt32Bits(mean), BitConverter.SingleToInt32Bits(again.Normalization.Mean));
        Assert.Equal(model.Normalization, again.Normalization);
        Assert.Equal(model.Metadata, again.Metadata);
        Assert.Equal(model.Layers.Count, again.Layers.Count);
        for (var i = 0; i < model.Layers.Count; i++)
        {
            Assert.Equal(Bits(model.Layers[i].Weights), Bits(again.Layers[i].Weights));
            Assert.Equal(Bits(model.Layers[i].Bias), Bits(again.Layers[i].Bias));
        }

        Assert.Equal(File.ReadAllBytes(path), TestNetworks.Bytes(again));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), model.Hash);
    }

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_EveryActivation_ComesBackBitForBit(ActivationKind kind)
    {
        var activation = kind switch
        {
            ActivationKind.LeakyRelu => Activation.LeakyRelu(0.123456789f),
            ActivationKind.Elu => Activation.Elu(0.987654321f),
            ActivationKind.PRelu => Activation.PRelu(TestNetworks.Numbers(7, seed: 68)),
            _ => ReferenceActivations.Of(kind),
        };
        var model = TestNetworks.Activated(TestNetworks.Create(67, PixelNormalization.UnitRange, s_metadata, 23, 7, 7, 7), activation);

        var again = Mlp.Load(TestNetworks.Bytes(model));

        Assert.Equal(TestNetworks.Bytes(model), TestNetworks.Bytes(again));
        Assert.Equal(model.Metadata, again.Metadata);
        foreach (var layer in again.Layers.SkipLast(1))
        {
            Assert.Equal(kind, layer.Activation.Kind);
            Assert.Equal(activation.Alpha, layer.Activation.Alpha);
            Assert.Equal(activation.Slopes.ToArray(), layer.Activation.Slopes.ToArray());
        }
    }

    [Fact]
    public void Load_NumbersAtTheEdgesOfFloat_ComeBackBitForBit()
    {
        float[] edges = [-0f, 0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue];
        var model = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(1, 6, edges, edges)]);
        var again = Mlp.Load(TestNetworks.Bytes(model)).Layers[0];
        Assert.Equal(Bits(edges), Bits(again.Weights));
        Assert.Equal(Bits(edges), Bits(again.Bias));
    }

    [Fact]
    public void Save_MetadataInAnotherOrder_GivesTheSameBytes()
    {
        var forward = TestNetworks.Create(62, PixelNormalization.UnitRange, s_metadata, 5, 3);
        var backward = TestNetworks.Create(62, PixelNormalization.UnitRange, s_metadata.Reverse().ToDictionary(), 5, 3);
        Assert.Equal(TestNetworks.Bytes(forward), TestNetworks.Bytes(backward));
        Assert.Equal(forward.Hash, backward.Hash);
        Assert.NotEqual(forward.Hash, TestNetworks.Create(63, PixelNormalization.UnitRange, s_metadata, 5, 3).Hash);
    }

    [Fact]
    public void Save_WeightThatIsNaN_LeavesTheOldFile()
    {
        var path = _folder.File("model.onnx");
        File.WriteAllText(path, "old");
        var model = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(2, 1, new[] { 1f, float.NaN }, new float[1])]);

        var error = Assert.Throws<InvalidOperationException>(() => model.Save(path));

        Assert.Contains("layers.0.weight hold NaN (element 1)", error.Message);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Load_FromAStream_ReadsFromWhereItStands()
    {
        var model = TestNetworks.Create(64, PixelNormalization.UnitRange, null, 5, 3);
        using var stream = new MemoryStream();
        stream.Write(new byte[13]);
        model.Save(stream);
        stream.Position = 13;
        Assert.Equal(model.Hash, Mlp.Load(stream).Hash);
    }

    [Fact]
    public void Load_CutAnywhere_IsRefusedInOneLine()
    {
        var file = TestNetworks.Bytes(TestNetworks.Create(65, new PixelNormalization(1 / 255f, 0.1f, 0.3f), s_metadata, 11, 5, 3));
        for (var length = 0; length < file.Length; length++)
        {
            var error = Assert.Throws<DigitException>(() => Mlp.Load(file[..length]));
            Assert.StartsWith("model: expected ", error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Load_SomethingElse_NamesTheFile()
    {
        var path = _folder.File("digits.onnx");
        File.WriteAllText(path, "{ \"not\": \"a model\" }");
        Assert.Equal($"{path}: expected an ONNX model but the file is something else.", Assert.Throws<DigitException>(() => Mlp.Load(path)).Message);
        Assert.EndsWith("none.onnx: expected a model but there is no such file.", Assert.Throws<DigitException>(() => Mlp.Load(_folder.File("none.onnx"))).Message);
    }

    [Fact]
    public void Load_NormalizationThatIsNotFinite_IsTheCallersMistake()
    {
        var file = TestNetworks.Bytes(TestNetworks.Create(66, PixelNormalization.UnitRange, null, 5, 3));
        var options = new MlpLoadOptions { Normalization = new PixelNormalization(1, 0, 0) };
        Assert.Contains("a deviation above 0", Assert.Throws<ArgumentException>(() => Mlp.Load(file, options)).Message);
    }

    private static int[] Bits(ReadOnlyMemory<float> numbers) => Array.ConvertAll(numbers.ToArray(), BitConverter.SingleToInt32Bits);
}

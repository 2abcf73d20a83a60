using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Models;

public class MlpEnsembleTests
{
    private static readonly PixelNormalization s_odd = new(1 / 255f, 0.13f, 0.31f);

    public static TheoryData<int, string> Shapes => new()
    {
        { 2, "29-5" },
        { 3, "29-17-5" },
        { 2, "29-17-11-5" },
        { 5, "29-40-24-8-3" },
    };

    private static Mlp[] Members(int count, string shape, Activation? activation = null, Dictionary<string, string>? metadata = null) =>
        [.. Enumerable.Range(0, count).Select(i => TestNetworks.Activated(TestNetworks.Create(1000 + (31 * i), s_odd, metadata, [.. shape.Split('-').Select(int.Parse)]), activation ?? Activation.Relu))];

    private static float[] Predict(Mlp model, byte[] pixels)
    {
        var probabilities = new float[pixels.Length / model.InputCount * model.ClassCount];
        model.PredictBatch(pixels, probabilities);
        return probabilities;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Join_OfAnyDepth_AnswersWithTheGeometricMeanOfItsMembers(int count, string shape)
    {
        var members = Members(count, shape, Activation.Elu());
        var pixels = TestNetworks.Pixels(70 * 29, seed: 3);

        var ensemble = MlpEnsemble.Join(members);

        var found = Predict(ensemble, pixels);
        var said = members.Select(member => Predict(member, pixels)).ToArray();
        for (var row = 0; row < 70; row++)
        {
            var means = Enumerable.Range(0, ensemble.ClassCount).Select(c => Math.Exp(said.Average(of => Math.Log(of[(row * ensemble.ClassCount) + c])))).ToArray();
            for (var c = 0; c < means.Length; c++)
            {
                Assert.Equal(means[c] / means.Sum(), found[(row * means.Length) + c], 1e-5);
            }
        }

        Assert.Equal(shape.Count(sign => sign == '-') > 2 ? count : 1, ensemble.MemberCount);
        Assert.Equal(ensemble.Predict(pixels.AsSpan(0, 29)).Probabilities.ToArray(), found[..ensemble.ClassCount]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Save_AnEnsemble_LoadsToTheSameBytesAndRunsElsewhere(int count, string shape)
    {
        const int Count = 9;
        var ensemble = MlpEnsemble.Join(Members(count, shape, Activation.Gelu, new() { ["note"] = "x" }));
        var pixels = TestNetworks.Pixels(Count * 29, seed: 4);

        var file = TestNetworks.Bytes(ensemble);
        var loaded = Mlp.Load(file);

        Assert.Equal(file, TestNetworks.Bytes(loaded));
        Assert.Equal(ensemble.Shape, loaded.Shape);
        Assert.Equal(ensemble.MemberCount, loaded.MemberCount);
        Assert.Equal(Predict(ensemble, pixels), Predict(loaded, pixels));
        Assert.Equal("x", loaded.Metadata["note"]);
        var elsewhere = OnnxRuntime.Run(file, Array.ConvertAll(pixels, pixel => (float)pixel), Count, 29);
        Assert.All(elsewhere.Zip(Predict(ensemble, pixels)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Join_OfTables_TakesTheirFeatures()
    {
        var normalization = new FeatureNormalization(new float[] { 1, 2, 3 }, new float[] { 0.5f, 1, 2 });
        Mlp[] members = [.. Members(3, "3-8-6-4").Select(member => new Mlp(normalization, member.Layers))];
        float[] row = [0.5f, 4, 1];

        var ensemble = Mlp.Load(TestNetworks.Bytes(MlpEnsemble.Join(members)));

        var means = Enumerable.Range(0, 4).Select(c => Math.Exp(members.Average(member => Math.Log(member.Predict(row).Probabilities.Span[c])))).ToArray();
        Assert.All(Enumerable.Range(0, 4), c => Assert.Equal(means[c] / means.Sum(), ensemble.Predict(row).Probabilities.Span[c], 1e-5));
    }

    [Fact]
    public void Attribution_OfAnEnsemble_IsTheMeanOfItsMembers()
    {
        var members = Members(3, "29-17-11-5", Activation.Tanh);
        var pixels = TestNetworks.Pixels(29, seed: 5);

        var found = MlpEnsemble.Join(members).Attribution(pixels, 2);

        var expected = members.Select(member => member.Attribution(pixels, 2)).ToArray();
        Assert.All(Enumerable.Range(0, 29), i => Assert.Equal(expected.Average(of => of[i]), found[i], 1e-4));
    }

    [Fact]
    public void Read_ByAnEnsembleOfOneModelTwice_SaysWhatTheModelSays()
    {
        var ensemble = MlpEnsemble.Join([ShippedModel.Mlp, ShippedModel.Mlp]);
        var digits = DigitML.Data.SyntheticDigits.Create(40, seed: 6);

        Assert.False(ensemble.Metadata.ContainsKey(TemperatureScaling.RejectionMetadataKey));
        for (var i = 0; i < digits.Count; i++)
        {
            var picture = new GreyImage(28, 28, digits.Image(i).ToArray());
            Assert.Equal(new DigitReader().Read(picture, single: true).Text, new DigitReader(ensemble).Read(picture, single: true).Text);
        }
    }

    [Fact]
    public void Join_OfWhatDoesNotGoTogether_SaysWhichAndWhy()
    {
        var first = Members(1, "29-17-11-5")[0];
        var prelu = TestNetworks.Activated(TestNetworks.Create(1, s_odd, null, 29, 17, 11, 5), Activation.LeakyRelu(0.2f));
        var named = new Mlp(first.Normalization, first.Layers, new Dictionary<string, string> { ["classNames"] = """["a","b","c","d","e"]""" });

        Says("An ensemble needs at least two members; got 1.", first);
        Says("Member 2 is a network 29-17-5; expected 29-17-11-5, as the first.", first, Members(1, "29-17-5")[0]);
        Says("Member 3 has other activations than the first", first, first, prelu);
        Says("Member 2 normalises its input otherwise than the first", first, new Mlp(PixelNormalization.UnitRange, first.Layers));
        Says("Member 2 has other classes or features than the first", first, named);
        Says("Member 2 is in whole numbers", first, first.Quantize(TestNetworks.Pixels(29 * 5, 1)));
        Says("Member 1 is an ensemble already", MlpEnsemble.Join([first, first]), first);

        static void Says(string expected, params Mlp[] members) => Assert.StartsWith(expected, Assert.Throws<ArgumentException>(() => MlpEnsemble.Join(members)).Message);
    }

    [Fact]
    public void Quantize_AnEnsemble_SaysThatItCannotBe()
    {
        var ensemble = MlpEnsemble.Join(Members(2, "29-17-11-5"));

        Assert.StartsWith("An ensemble is not worked out in whole numbers", Assert.Throws<InvalidOperationException>(() => ensemble.Quantize(TestNetworks.Pixels(29, 1))).Message);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Layers_OfUnlikeGroups_AreNoNetwork(int second, int third)
    {
        DenseLayer Layer(int groups) => new(6, 6, new float[36 / groups], new float[6], groups: groups);

        var error = Assert.Throws<ArgumentException>(() => new Mlp(s_odd, [Layer(1), Layer(second), Layer(third), Layer(1)]));

        Assert.Contains($"got 1, {second}, {third}, 1", error.Message);
        Assert.Throws<ArgumentException>(() => new DenseLayer(6, 6, new float[9], new float[6], groups: 4));
    }

    [Fact]
    public void Load_EnsembleWhoseFileIsChanged_IsReadOrRefusedInOneLine()
    {
        var file = TestNetworks.Bytes(MlpEnsemble.Join(Members(2, "6-4-4-3")));
        var random = new Random(8);
        for (var i = 0; i < 3000; i++)
        {
            var changed = (byte[])file.Clone();
            for (var k = random.Next(1, 4); k > 0; k--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                Mlp.Load(changed);
            }
            catch (DigitException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }
    }
}

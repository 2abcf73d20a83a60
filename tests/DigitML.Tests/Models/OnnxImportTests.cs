using DigitML.IO;
using DigitML.Models;
using static DigitML.Tests.Models.ForeignModel;
using static DigitML.Tests.Models.TestNetworks;

namespace DigitML.Tests.Models;

/// <summary>What other programs export for a plain multilayer perceptron, with pictures of 5×7 and layers of 6 and 3.</summary>
public class OnnxImportTests
{
    private static readonly float[] s_first = Numbers(35 * 6, seed: 71);
    private static readonly float[] s_firstBias = Numbers(6, seed: 72);
    private static readonly float[] s_second = Numbers(6 * 3, seed: 73);
    private static readonly float[] s_secondBias = Numbers(3, seed: 74);
    private static readonly (float[], float[])[] s_layers = [(s_first, s_firstBias), (s_second, s_secondBias)];

    private static double UnitRange(int index, byte pixel) => pixel / 255.0;

    /// <summary>Gemm with weights [outputs, inputs], as PyTorch writes Linear.</summary>
    private static ForeignModel Torch(ForeignModel model, Storage storage = Storage.Raw) => model
        .Constant("w1", [6, 35], s_first, storage).Constant("b1", [6], s_firstBias, storage)
        .Constant("w2", [3, 6], s_second, storage).Constant("b2", [3], s_secondBias, storage)
        .Then("Gemm", ["w1", "b1"], IntegerAttribute("transB", 1))
        .Then("Relu")
        .Then("Gemm", ["w2", "b2"], IntegerAttribute("transB", 1), SingleAttribute("alpha", 1), SingleAttribute("beta", 1));

    /// <summary>MatMul and Add with weights [inputs, outputs], as Keras's Dense becomes.</summary>
    private static ForeignModel Keras(ForeignModel model) => model
        .Constant("w1", [35, 6], Transpose(s_first, 6, 35), Storage.Packed).Constant("b1", [6], s_firstBias, Storage.Packed)
        .Constant("w2", [6, 3], Transpose(s_second, 3, 6), Storage.Unpacked).Constant("b2", [1, 3], s_secondBias, Storage.Unpacked)
        .Then("MatMul", "w1").Then("Add", "b1").Then("Relu")
        .Then("MatMul", "w2").ThenOf("Add", "b2");

    private static float[] Transpose(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(c => Enumerable.Range(0, rows).Select(r => values[r * columns + c]))];

    [Fact]
    public void Load_LogitsOfPyTorch_AreGivenUnitRangeAndSoftmax()
    {
        var model = Mlp.Load(Torch(new ForeignModel().Input(-1, 35)).Build());
        Assert.Equal(PixelNormalization.UnitRange, model.Normalization);
        AssertPredicts(model, UnitRange, s_layers);
    }

    [Theory]
    [InlineData("Softmax", -1)]
    [InlineData("Softmax", 1)]
    [InlineData("LogSoftmax", 1)]
    public void Load_SoftmaxOfEitherKind_IsOurs(string softmax, long axis) =>
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(-1, 35)).Then(softmax, [], IntegerAttribute("axis", axis)).Then("Identity").Build()), UnitRange, s_layers);

    [Fact]
    public void Load_MatMulAndAddOfKeras_IsTheSameNetwork() =>
        AssertPredicts(Mlp.Load(Keras(new ForeignModel { Producer = "tf2onnx" }.Input(-1, 35)).Then("Softmax").Build()), UnitRange, s_layers);

    [Theory]
    [InlineData(-1L, 1L, 5L, 7L)]
    [InlineData(-1L, 5L, 7L)]
    [InlineData(1L, 5L, 7L, 1L)]
    public void Load_PicturesOfManyShapes_AreFlattened(params long[] shape)
    {
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(shape).Then("Flatten")).Build()), UnitRange, s_layers);
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(shape).Integers("to", -1, 35).Then("Reshape", "to")).Build()), UnitRange, s_layers);
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(shape).Integers("to", 0, -1).Then("Reshape", "to")).Build()), UnitRange, s_layers);
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(shape).Then("Cast", [], IntegerAttribute("to", 1)).Then("Flatten", [], IntegerAttribute("axis", 1))).Build()), UnitRange, s_layers);
    }

    [Fact]
    public void Load_InputOfUndeclaredShape_IsKnownByItsFirstLayer() =>
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().InputOfAnyShape().Integers("to", -1, 35).Then("Reshape", "to").Then("Flatten")).Build()), UnitRange, s_layers);

    [Fact]
    public void Load_ShapeWorkedOutAsTheGraphRuns_IsFollowedPast()
    {
        // PyTorch's x.view(x.size(0), -1).
        var model = new ForeignModel().Input(-1, 1, 5, 7).Integers("zero", 0).Integers("rest", -1)
            .Node("Shape", ["x"], "shape").Node("Gather", ["shape", "zero"], "n", IntegerAttribute("axis", 0))
            .Node("Concat", ["n", "rest"], "to", IntegerAttribute("axis", 0)).Then("Reshape", "to");
        AssertPredicts(Mlp.Load(Torch(model).Build()), UnitRange, s_layers);
    }

    [Fact]
    public void Load_ConstantNodes_AreReadAsTensors()
    {
        var model = new ForeignModel().Input(-1, 5, 7)
            .Node("Constant", [], "to", TensorAttribute("value", IntegerTensor("", -1, 35)))
            .Node("Constant", [], "scale", SingleAttribute("value_float", 255))
            .Then("Reshape", "to").Then("Div", "scale");
        var loaded = Mlp.Load(Torch(model).Build());
        Assert.Equal(1 / 255f, loaded.Normalization.Scale, 1e-9f);
        AssertPredicts(loaded, UnitRange, s_layers);
    }

    [Theory]
    [InlineData(Storage.Packed, 0)]
    [InlineData(Storage.Unpacked, 0)]
    [InlineData(Storage.RawDouble, 0)]
    [InlineData(Storage.PackedDouble, 0)]
    [InlineData(Storage.RawHalf, 1e-3)]
    [InlineData(Storage.PackedHalf, 1e-3)]
    [InlineData(Storage.RawBrain, 4e-3)]
    [InlineData(Storage.PackedBrain, 4e-3)]
    public void Load_NumbersStoredAnyWay_AreTheSame(Storage storage, double tolerance)
    {
        var layer = Mlp.Load(Torch(new ForeignModel().Input(-1, 35), storage).Build()).Layers[0];
        for (var i = 0; i < s_first.Length; i++)
        {
            Assert.Equal(s_first[i], layer.Weights.Span[i], tolerance);
        }
    }

    [Fact]
    public void Load_TransposedAndCastWeights_AreFollowedToTheirTensor()
    {
        var model = new ForeignModel().Input(-1, 35).Constant("w", [6, 35], s_first, Storage.RawDouble)
            .Node("Cast", ["w"], "single", IntegerAttribute("to", 1))
            .Node("Transpose", ["single"], "turned", IntegersAttribute("perm", 1, 0))
            .Constant("b", [6], s_firstBias).Then("MatMul", "turned").Then("Add", "b");
        AssertPredicts(Mlp.Load(model.Build()), UnitRange, (s_first, s_firstBias));
    }

    [Fact]
    public void Load_GemmWithFactors_FoldsThem()
    {
        var model = new ForeignModel().Input(-1, 35).Constant("w", [35, 6], Transpose(s_first, 6, 35)).Constant("b", [1], [0.25f])
            .Then("Gemm", ["w", "b"], SingleAttribute("alpha", 0.5f), SingleAttribute("beta", 3));
        AssertPredicts(Mlp.Load(model.Build()), UnitRange, ([.. s_first.Select(w => w * 0.5f)], [.. s_firstBias.Select(_ => 0.75f)]));
    }

    [Fact]
    public void Load_ConstantsAroundLayers_AreFolded()
    {
        // 2·relu(0.5·(Wx) + b) − 1 before the second layer, one factor a unit and the subtraction the other way round.
        var factors = Numbers(6, seed: 75);
        var model = new ForeignModel().Input(-1, 35).Constant("w1", [6, 35], s_first).Constant("w2", [3, 6], s_second)
            .Constant("half", [], [0.5f]).Constant("b1", [6], s_firstBias).Constant("factors", [1, 6], factors).Constant("one", [1], [1])
            .Then("Gemm", ["w1"], IntegerAttribute("transB", 1)).Then("Mul", "half").Then("Add", "b1").Then("Relu")
            .Then("Mul", "factors").ThenOf("Sub", "one").Then("Gemm", ["w2"], IntegerAttribute("transB", 1));
        var second = s_second.Select((w, i) => -w * factors[i % 6]).ToArray();
        var secondBias = Enumerable.Range(0, 3).Select(o => s_second[(o * 6)..(o * 6 + 6)].Sum()).ToArray();
        AssertPredicts(Mlp.Load(model.Build()), UnitRange, ([.. s_first.Select(w => w * 0.5f)], s_firstBias), (second, secondBias));
    }

    [Fact]
    public void Load_OneNumberForEachPixel_IsFoldedIntoTheFirstLayer()
    {
        var means = Numbers(35, seed: 76, spread: 200);
        var deviations = Numbers(35, seed: 77).Select(d => 50 + 20 * d).ToArray();
        var model = Torch(new ForeignModel().Input(-1, 1, 5, 7).Constant("m", [1, 5, 7], means).Constant("d", [5, 7], deviations).Then("Sub", "m").Then("Div", "d").Then("Flatten"));
        AssertPredicts(Mlp.Load(model.Build()), (i, pixel) => (pixel - means[i]) / deviations[i], s_layers);
    }

    [Theory]
    [InlineData("Div", 255f, 1 / 255.0, 0)]
    [InlineData("Mul", 0.003921569f, 0.003921569, 0)]
    [InlineData("Div", 0.3081f, 1 / 255.0 / 0.3081f, 0)]
    [InlineData("Mul", 2f, 2 / 255.0, 0)]
    [InlineData("Sub", 0.1307f, 1 / 255.0, -0.1307f)]
    public void Load_GraphThatScales_IsGivenPixelsOnlyIfItShrinksThem(string operation, float constant, double factor, double offset)
    {
        var model = Torch(new ForeignModel().Input(-1, 35).Constant("c", [], [constant]).Then(operation, "c"));
        AssertPredicts(Mlp.Load(model.Build()), (_, pixel) => pixel * factor + offset, s_layers);
    }

    [Fact]
    public void Load_NormalizationStatedByTheCaller_ComesBeforeTheGraph()
    {
        var normalization = new PixelNormalization(1 / 255f, 0.1307f, 0.3081f);
        var options = new MlpLoadOptions { Normalization = normalization };
        var plain = Mlp.Load(Torch(new ForeignModel().Input(-1, 35)).Build(), options);
        Assert.Equal(normalization, plain.Normalization);

        var inverted = Torch(new ForeignModel().Input(-1, 35).Constant("one", [], [1]).ThenOf("Sub", "one"));
        AssertPredicts(Mlp.Load(inverted.Build(), options), (_, pixel) => 1 - (pixel / 255.0 - 0.1307f) / 0.3081f, s_layers);
    }

    [Theory]
    [InlineData("Div", 255f, "0-255, by the graph's constants")]
    [InlineData("Div", 0.3081f, "0-1, by default")]
    [InlineData("Sub", 0.1307f, "0-1, by default")]
    [InlineData("Sub", 33.3f, "0-255, by the graph's constants")]
    public void Load_ScaleOfTheInput_IsSaidWithItsReason(string operation, float constant, string expected)
    {
        var file = Torch(new ForeignModel().Input(-1, 35).Constant("c", [], [constant]).Then(operation, "c")).Build();
        Assert.Equal(expected, Mlp.Load(file).Metadata[InputScale.MetadataKey]);
        Assert.Equal("0.5,0.25, stated", Mlp.Load(file, new MlpLoadOptions { Normalization = InputScale.Parse("0.5,0.25") }).Metadata[InputScale.MetadataKey]);
    }

    [Fact]
    public void Load_InputOfBytes_TakesPixelsAsTheyAre()
    {
        var model = Mlp.Load(Torch(new ForeignModel().ByteInput(-1, 35).Then("Cast", [], IntegerAttribute("to", 1))).Build());
        Assert.Equal("0-255, by the type of the graph's input", model.Metadata[InputScale.MetadataKey]);
        Assert.Equal(new PixelNormalization(1, 0, 1), model.Normalization);
    }

    [Fact]
    public void Load_NormalizationStatedForOurOwnFile_IsRefused()
    {
        var options = new MlpLoadOptions { Normalization = PixelNormalization.UnitRange };
        var error = Assert.Throws<DigitException>(() => Mlp.Load(Bytes(Create(79, PixelNormalization.UnitRange, null, 6, 3)), options));
        Assert.Equal("model: DigitML wrote it, with what is done to its input inside; an input scale (--input-scale) is stated for models of pictures that other programs wrote.", error.Message);

        var features = Torch(new ForeignModel().Input(-1, 35)).Build();
        Assert.Contains("takes the features of a table as they are;", Assert.Throws<DigitException>(() => Mlp.Load(features, options with { TakesFeatures = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ScikitLearnsNetworkWithoutZipMap_TakesTheNamesFromWhatGivesTheLabel()
    {
        // As skl2onnx ends MLPClassifier: ArgMax finds the place, ArrayFeatureExtractor takes the label there.
        Assert.Equal(["ash", "elm", "fir"], Names(Listed(8, ["ash", "elm", "fir"])));
        Assert.Equal(["1", "3", "7"], Names(Listed(6, numbers: [1, 3, 7])));
        Assert.Equal(["1", "3", "7"], Names(Listed(7, numbers: [1, 3, 7])));
        Assert.Empty(Names(Listed(6, numbers: [0, 1, 2])));
        Assert.Empty(Names([.. Integer(1, 3), .. Integer(2, 1), .. Text(8, "classes"), .. Bytes(9, new byte[12])]));
        Assert.Contains("names 2 classes but gives 3 probabilities", Assert.Throws<DigitException>(() => Names(Listed(8, ["ash", "elm"]))).Message, StringComparison.Ordinal);
        Assert.Contains("holds 2 texts", Assert.Throws<DigitException>(() => Names([.. Integer(1, 3), .. Integer(2, 8), .. Text(8, "classes"), .. Text(6, "ash"), .. Text(6, "elm")])).Message, StringComparison.Ordinal);

        static IReadOnlyList<string> Names(byte[] classes) => Mlp.Load(Torch(new ForeignModel { Producer = "skl2onnx" }.Input(-1, 35).RawTensor(classes)).Then("Softmax")
            .NodeOf("ai.onnx.ml", "ArrayFeatureExtractor", ["classes", "place"], "label").Node("ArgMax", ["v4"], "place").Output("label").Node("Identity", ["v4"], "probabilities").Output("probabilities").Build(withOutput: false)).ClassNames;

        static byte[] Listed(int type, string[]? texts = null, long[]? numbers = null) =>
        [
            .. Integer(1, texts?.Length ?? numbers!.Length), .. Integer(2, type), .. Text(8, "classes"),
            .. (texts ?? []).SelectMany(text => Text(6, text)), .. (numbers ?? []).SelectMany(number => Integer(type == 6 ? 5 : 7, number)),
        ];
    }

    [Fact]
    public void Load_ScikitLearnsLogisticRegression_IsANetworkWithoutHiddenLayersThatNamesItsClasses()
    {
        // As skl2onnx writes it without ZipMap: the classifier gives labels and probabilities, which are made to add up to 1.
        var graph = new ForeignModel { Producer = "skl2onnx" }.Input(-1, 35)
            .NodeOf("ai.onnx.ml", "LinearClassifier", ["x"], ["label", "scores"], SinglesAttribute("coefficients", Numbers(35 * 3, seed: 75)), SinglesAttribute("intercepts", s_secondBias), TextAttribute("post_transform", "SOFTMAX"), [.. Text(1, "classlabels_strings"), .. Text(9, "ash"), .. Text(9, "elm"), .. Text(9, "fir")])
            .NodeOf("ai.onnx.ml", "Normalizer", ["scores"], "probabilities", TextAttribute("norm", "L1")).Output("label").Output("probabilities");
        var model = Mlp.Load(graph.Build(withOutput: false));

        Assert.Equal(["ash", "elm", "fir"], model.ClassNames);
        AssertPredicts(model, UnitRange, [(Numbers(35 * 3, seed: 75), s_secondBias)]);
    }

    [Fact]
    public void Load_OurOwnFile_SaysNothingOfTheScale() =>
        Assert.False(Mlp.Load(Bytes(Create(78, PixelNormalization.UnitRange, null, 6, 3))).Metadata.ContainsKey(InputScale.MetadataKey));

    [Theory]
    [InlineData("none", ActivationKind.Gelu)]
    [InlineData("tanh", ActivationKind.GeluTanh)]
    public void Load_GeluOfVersion20_IsTheOneItSays(string approximate, ActivationKind expected)
    {
        var file = new ForeignModel { OperatorSet = 20 }.Input(-1, 35).Constant("w1", [35, 6], s_first).Constant("w2", [6, 3], s_second)
            .Then("MatMul", "w1").Then("Gelu", [], TextAttribute("approximate", approximate)).Then("MatMul", "w2").Then("Softmax", [], IntegerAttribute("axis", -1)).Build();
        var model = Mlp.Load(file);
        Assert.Equal(expected, model.Layers[0].Activation.Kind);
        var pixels = TestNetworks.Pixels(1_000 * 35, seed: 79);
        var ours = new float[3_000];
        model.PredictBatch(pixels, ours);
        Assert.All(OnnxRuntime.Run(file, Array.ConvertAll(pixels, pixel => pixel / 255f), 1_000, 35).Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Load_SigmoidOfOneOutput_IsTwoClasses()
    {
        var weights = Numbers(35, seed: 80);
        var file = new ForeignModel().Input(-1, 35).Constant("w", [35, 1], weights).Constant("b", [1], [0.3f]).Then("Gemm", ["w", "b"]).Then("Sigmoid").Build();
        var model = Mlp.Load(file);
        Assert.Equal(2, model.ClassCount);
        var pixels = TestNetworks.Pixels(1_000 * 35, seed: 81);
        var theirs = OnnxRuntime.Run(file, Array.ConvertAll(pixels, pixel => pixel / 255f), 1_000, 35);
        for (var i = 0; i < 1_000; i++)
        {
            var ours = model.Predict(pixels.AsSpan(i * 35, 35)).Probabilities.Span;
            Assert.Equal(theirs[i], ours[1], 1e-5f);
            Assert.Equal(1 - theirs[i], ours[0], 1e-5f);
        }
    }

    [Fact]
    public void Load_ManyOutputs_TakesTheOneCalledProbabilities()
    {
        var model = Torch(new ForeignModel().Input(-1, 35)).Output().Then("Softmax");
        Assert.Contains("expected one output, or one called 'probabilities', but its graph has 2", Error(model.Build()));
        AssertPredicts(Mlp.Load(Torch(new ForeignModel().Input(-1, 35)).Output().Node("Softmax", ["v3"], "probabilities").Output("probabilities").Build(withOutput: false)), UnitRange, s_layers);
    }

    public static TheoryData<string, Func<ForeignModel>> Refused => new()
    {
        { "the model holds operator 'Conv'; DigitML runs chains of Gemm, MatMul, BatchNormalization, Scaler, arithmetic by constants, changes of shape, activations and Softmax.", () => Torch(new ForeignModel().Input(-1, 1, 5, 7).Constant("k", [1, 1, 3, 3], new float[9]).Then("Conv", "k").Then("Flatten")) },
        { "nothing but tanh follows it", () => Torch(new ForeignModel().Input(-1, 35)).Then("Tanh") },
        { "the model holds operator 'a?b'", () => Torch(new ForeignModel().Input(-1, 35)).Then("a\nb") },
        { "operator 'Add' joins two branches, one of which holds operator 'Gemm'", () => Torch(new ForeignModel().Input(-1, 35)).Then("Add", "v1") },
        { "operator 'Mul' must follow a dense layer", () => Torch(new ForeignModel().Input(-1, 35).Then("Mul", "x")) },
        { "operator 'Softplus' is no activation that DigitML runs", () => Torch(new ForeignModel().Input(-1, 35).Constant("w0", [35, 35], new float[35 * 35]).Then("MatMul", "w0").Then("Softplus")) },
        { "operators 'Exp', 'Sqrt' together are no activation", () => Torch(new ForeignModel().Input(-1, 35).Constant("w0", [35, 35], new float[35 * 35]).Then("MatMul", "w0").Then("Exp").Then("Sqrt")) },
        { "follows another activation, with no dense layer between them", () => Torch(new ForeignModel().Input(-1, 35)).Then("Tanh").Constant("c", [3], [1, 2, 3]).Then("Add", "c").Then("Tanh") },
        { "it ends in a sigmoid of 3 outputs, each a yes or no of its own", () => Torch(new ForeignModel().Input(-1, 35)).Then("Sigmoid") },
        { "operator 'Transpose' changes the order of values between layers", () => new ForeignModel().Input(-1, 35).Constant("w0", [35, 6], new float[35 * 6]).Then("MatMul", "w0").Integers("to", -1, 2, 3).Then("Reshape", "to").Then("Transpose", [], IntegersAttribute("perm", 0, 2, 1)) },
        { "operator 'Transpose' by [1, 0] does not keep pictures of [n, 35] apart", () => Torch(new ForeignModel().Input(-1, 35).Then("Transpose")) },
        { "operator 'BatchNormalization' has 3 channels for values of [n, 35]", () => Torch(new ForeignModel().Input(-1, 35).Constant("c", [3], [1, 1, 1]).Then("BatchNormalization", "c", "c", "c", "c")) },
        { "divides by a deviation that is no number above 0", () => Torch(new ForeignModel().Input(-1, 35).Constant("c", [35], [.. Enumerable.Repeat(-1f, 35)]).Then("BatchNormalization", "c", "c", "c", "c")) },
        { "operator 'Squeeze' does not keep pictures of [n, 35] apart", () => Torch(new ForeignModel().Input(-1, 35).Integers("axes", 1).Then("Squeeze", "axes")) },
        { "nothing in its graph gives 'nowhere'", () => new ForeignModel().Input(-1, 35).Node("Relu", ["nowhere"], "y").Output("y") },
        { "is not part of a chain", () => new ForeignModel().Input(-1, 35).Node("Relu", ["b"], "a").Node("Relu", ["a"], "b").Output("a") },
        { "two operators give 'v1'", () => new ForeignModel().Input(-1, 35).Then("Relu").Node("Relu", ["x"], "v1") },
        { "two tensors are both called 'w1'", () => Torch(Torch(new ForeignModel().Input(-1, 35))) },
        { "its chain of operators holds no dense layer", () => new ForeignModel().Input(-1, 35).Then("Flatten") },
        { "operator 'Relu' must follow a dense layer", () => Torch(new ForeignModel().Input(-1, 35).Then("Relu")) },
        { "nothing but ReLU follows it", () => Torch(new ForeignModel().Input(-1, 35)).Then("Relu") },
        { "follows the softmax", () => Torch(new ForeignModel().Input(-1, 35)).Then("Softmax").Then("Softmax") },
        { "operator 'Softmax' must follow the last dense layer, over its classes", () => Torch(new ForeignModel().Input(-1, 35)).Then("Softmax", [], IntegerAttribute("axis", 0)) },
        { "operator 'Gemm' takes 35 values but is given [n, 34]", () => Torch(new ForeignModel().Input(-1, 34)) },
        { "operator 'Gemm' takes 35 values but is given [n, 5, 7]", () => Torch(new ForeignModel().Input(-1, 5, 7)) },
        { "but 'x' is [35]", () => Torch(new ForeignModel().Input(35)) },
        { "operator 'Flatten' with axis 2 does not keep pictures of [n, 5, 7] apart", () => Torch(new ForeignModel().Input(-1, 5, 7).Then("Flatten", [], IntegerAttribute("axis", 2))) },
        { "operator 'Flatten' with axis 0", () => Torch(new ForeignModel().Input(-1, 5, 7).Then("Flatten", [], IntegerAttribute("axis", 0))) },
        { "operator 'Reshape' to [-1, 7] does not keep pictures of [n, 5, 7] apart", () => Torch(new ForeignModel().Input(-1, 5, 7).Integers("to", -1, 7).Then("Reshape", "to")) },
        { "operator 'Reshape' to [35]", () => Torch(new ForeignModel().Input(-1, 5, 7).Integers("to", 35).Then("Reshape", "to")) },
        { "operator 'Mul' has a constant of shape [7] for values of [n, 5, 7]", () => Torch(new ForeignModel().Input(-1, 5, 7).Constant("c", [7], new float[7]).Then("Mul", "c").Then("Flatten")) },
        { "operator 'Mul' has a constant of shape [35, 1]", () => Torch(new ForeignModel().Input(-1, 35).Constant("c", [35, 1], new float[35]).Then("Mul", "c")) },
        { "divides by 0", () => Torch(new ForeignModel().Input(-1, 35).Constant("c", [1], new float[1]).Then("Div", "c")) },
        { "divides a constant by the pixels", () => Torch(new ForeignModel().Input(-1, 35).Constant("c", [1], [1]).ThenOf("Div", "c")) },
        { "not finite once the constants around it are folded in", () => Torch(new ForeignModel().Input(-1, 35)).Constant("c", [1], [3e38f]).Then("Mul", "c").Then("Mul", "c") },
        { "tensor 'c' must hold finite numbers but element 1 is NaN", () => Torch(new ForeignModel().Input(-1, 35)).Constant("c", [3], [1, float.NaN, 1]).Then("Mul", "c") },
        { "tensor 'c' must hold finite numbers but element 0 is -Infinity", () => Torch(new ForeignModel().Input(-1, 35)).Constant("c", [1], [float.NegativeInfinity], Storage.RawHalf).Then("Mul", "c") },
        { "operator 'Cast' to type 7 loses digits", () => Torch(new ForeignModel().Input(-1, 35)).Then("Cast", [], IntegerAttribute("to", 7)) },
        { "operator 'Gemm' must take the values as they are", () => new ForeignModel().Input(-1, 35).Constant("w", [35, 6], new float[35 * 6]).Then("Gemm", ["w"], IntegerAttribute("transA", 1)) },
        { "which is no constant of the file", () => new ForeignModel().Input(-1, 35).Then("MatMul", "elsewhere") },
        { "needs a matrix of weights; 'w' is [35]", () => new ForeignModel().Input(-1, 35).Constant("w", [35], new float[35]).Then("MatMul", "w") },
        { "tensor 'w' is of type INT8; DigitML reads weights of FLOAT, FLOAT16, BFLOAT16 and DOUBLE", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 35), .. Integer(1, 1), .. Integer(2, 3), .. Text(8, "w"), .. Bytes(9, new byte[35])]).Then("MatMul", "w") },
        { "tensor 'w' is of type number 99", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 1), .. Integer(2, 99), .. Text(8, "w"), .. Bytes(9, new byte[35])]).Then("MatMul", "w") },
        { "has its numbers in another file, '' (external data); load the model by its path", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 35), .. Integer(1, 1), .. Integer(2, 1), .. Text(8, "w"), .. Integer(14, 1)]).Then("MatMul", "w") },
        { "tensor 'w' of shape [35, 4294967296] holds", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 35), .. Integer(1, 1L << 32), .. Integer(2, 1), .. Text(8, "w"), .. Bytes(9, new byte[140])]).Then("MatMul", "w") },
        { "tensor 'w' of shape [-35, -1] holds", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, -35), .. Integer(1, -1), .. Integer(2, 1), .. Text(8, "w"), .. Bytes(9, new byte[140])]).Then("MatMul", "w") },
        { "tensor 'w' of shape [35, 1] holds 139 bytes, and 35 numbers of FLOAT take 140; the file is damaged", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 35), .. Integer(1, 1), .. Integer(2, 1), .. Text(8, "w"), .. Bytes(9, new byte[139])]).Then("MatMul", "w") },
        { "tensor 'w' of shape [35, 1] holds 34 numbers; the file is damaged", () => new ForeignModel().Input(-1, 35).RawTensor([.. Integer(1, 35), .. Integer(1, 1), .. Integer(2, 1), .. Text(8, "w"), .. Bytes(4, new byte[136])]).Then("MatMul", "w") },
        { "has more than 16 dimensions", () => new ForeignModel().Input(-1, 35).Constant("w", [.. Enumerable.Repeat(1L, 17)], [1]).Then("MatMul", "w") },
        { "at most 1048576 pixels and 65536 units a layer are read", () => new ForeignModel().Input(-1, 1).Constant("w", [1, 65_537], new float[65_537]).Then("MatMul", "w") },
        { "more than 2147483647 values", () => Torch(new ForeignModel().Input(-1, long.MaxValue, long.MaxValue).Then("Flatten")) },
        { "but they are of version 6", () => Torch(new ForeignModel { OperatorSet = 6 }.Input(-1, 35)) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Load_WhatIsNotRunHere_IsRefusedByName(string expected, Func<ForeignModel> create)
    {
        var model = create();
        var error = Error(model.Build(withOutput: !expected.Contains("nowhere") && !expected.Contains("not part")));
        Assert.Contains(expected, error);
        Assert.StartsWith("model: ", error);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Load_MoreLayersOrNodesThanAnyNetworkHas_IsRefused()
    {
        var deep = new ForeignModel().Input(-1, 1).Constant("w", [1, 1], [1]);
        for (var i = 0; i < 66; i++)
        {
            deep.Then("MatMul", "w").Then("Relu");
        }

        Assert.Contains("more than 65 dense layers", Error(deep.Then("MatMul", "w").Build()));

        var wide = new ForeignModel().Input(-1, 1);
        for (var i = 0; i < 10_001; i++)
        {
            wide.Then("Relu");
        }

        Assert.Contains("more than 10000 nodes", Error(wide.Build()));
        Assert.Contains("more than 64 inputs", Error(new ForeignModel().Input(-1, 1).Then("Concat", [.. Enumerable.Repeat("x", 65)]).Build()));
    }

    private static string Error(byte[] model) => Assert.Throws<DigitException>(() => Mlp.Load(model)).Message;
}

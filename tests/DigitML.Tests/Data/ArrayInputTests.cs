using System.Numerics.Tensors;
using DigitML.Data;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Data;

/// <summary>Arrays and tensors of users' own as images, tables and rows to predict.</summary>
public class ArrayInputTests
{
    private static readonly int[] Labels = [2, 0, 1];

    private static byte[][] Pictures(int count, int pixels, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, pixels).Select(_ => (byte)random.Next(256)).ToArray())];
    }

    private static T[,] Two<T>(T[][] rows)
    {
        var array = new T[rows.Length, rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
            {
                array[i, j] = rows[i][j];
            }
        }

        return array;
    }

    private static T[,,] Three<T>(T[][] rows, int height, int width)
    {
        var array = new T[rows.Length, height, width];
        for (var i = 0; i < array.Length; i++)
        {
            array[i / (height * width), i / width % height, i % width] = rows[i / (height * width)][i % (height * width)];
        }

        return array;
    }

    private static float[][] Floats(byte[][] rows, float scale = 1) => Array.ConvertAll(rows, row => Array.ConvertAll(row, value => value * scale));

    [Fact]
    public void ImagesFrom_EveryKindOfArray_AreTheSamePictures()
    {
        var rows = Pictures(3, 35, seed: 81);
        var flat = rows.SelectMany(row => row).ToArray();
        var floats = Floats(rows);
        LabelledImages[] made =
        [
            LabelledImages.From(rows, Labels, width: 5),
            LabelledImages.From(Two(rows), Labels, width: 5),
            LabelledImages.From(Three(rows, 7, 5), Labels),
            LabelledImages.From(floats, Labels, width: 5),
            LabelledImages.From(Two(floats), Labels, width: 5),
            LabelledImages.From(Three(floats, 7, 5), Labels),
            LabelledImages.From(Floats(rows, 1 / 255f), Labels, ink: 1, width: 5),
            LabelledImages.From(Tensor.Create(floats.SelectMany(row => row).ToArray(), [3, 7, 5]).AsReadOnlyTensorSpan(), Labels),
        ];

        Assert.All(made, images =>
        {
            Assert.Equal((3, 5, 7), (images.Count, images.Width, images.Height));
            Assert.Equal(flat, images.Pixels.ToArray());
            Assert.Equal([2, 0, 1], images.Labels.ToArray());
        });
    }

    [Fact]
    public void ImagesFrom_SquarePicturesWithoutLabels_NeedNoWidth()
    {
        var rows = Pictures(2, 49, seed: 82);

        var images = LabelledImages.From(rows, name: "mine");

        Assert.Equal(("mine", 7, 7, false), (images.Name, images.Width, images.Height, images.HasLabels));
        rows[0][0]++;
        Assert.NotEqual(rows[0][0], images.Image(0)[0]);
    }

    [Fact]
    public void From_APartOfATensor_IsReadByItsStrides()
    {
        var tensor = Tensor.Create([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 3, 4]);

        var images = LabelledImages.From(tensor.AsReadOnlyTensorSpan().Slice(0..2, 1..3, 2..4));

        Assert.Equal((2, 2), (images.Width, images.Height));
        Assert.Equal([6, 7, 10, 11, 18, 19, 22, 23], images.Pixels.ToArray());
    }

    [Fact]
    public void ImagesFrom_WhatIsNoPictures_SaysWhatItShouldBe()
    {
        Says("arrays: expected picture 1 to hold 4 pixels, as picture 0 does, but it holds 3.", () => LabelledImages.From(new byte[][] { [1, 2, 3, 4], [1, 2, 3] }));
        Says("arrays: expected picture 1 to hold 4 pixels, as picture 0 does, but it is null.", () => LabelledImages.From(new byte[][] { new byte[4], null! }));
        Says("arrays: expected picture 0 to hold at least one of its pixels but it is empty.", () => LabelledImages.From(new byte[][] { [] }));
        Says("arrays: expected square pictures but they have 6 pixels. Say how many a row has with width.", () => LabelledImages.From(new byte[][] { new byte[6] }));
        Says("arrays: expected pictures of 4 pixels a row but they have 6 pixels, which are no whole number of rows.", () => LabelledImages.From(new byte[][] { new byte[6] }, width: 4));
        Says("mine: expected labels from 0 to 255 but picture 1 has 256.", () => LabelledImages.From(new byte[2, 4], [3, 256], name: "mine"));
        Says("arrays: expected one label for each of 2 images but got 1 labels.", () => LabelledImages.From(new byte[2, 2, 2], [3]));
        Says("arrays: expected values from 0 to 255 but picture 1 has -1 in pixel 2. Scale them, or give the value of the ink as ink.", () => LabelledImages.From([[0f, 1, 2, 3], [0, 0, -1, 0]]));
        Says("arrays: expected values from 0 to 1 but picture 0 has NaN in pixel 3. Scale them, or give the value of the ink as ink.", () => LabelledImages.From([[0, 0, 0, float.NaN]], ink: 1));
        Says("arrays: expected values from 0 to 255 but none is above 0.5. Are they shares of the ink? Then give ink as 1.", () => LabelledImages.From([[0f, 0, 0, 0.5f]]));
        Says("ink must be finite and greater than 0; got 0.", () => LabelledImages.From([[0f, 0, 0, 1]], ink: 0));
        Says("arrays: expected a tensor of 3 dimensions (count, height, width) or 2 (count, pixels); got 1.", () => LabelledImages.From(Tensor.Create([1f, 2], [2]).AsReadOnlyTensorSpan()));
    }

    [Fact]
    public void FeaturesFrom_EveryKindOfArray_IsTheTableOfTheConstructor()
    {
        float[][] rows = [[1.5f, -2], [3, 4], [5, 6.25f]];
        float[] flat = [1.5f, -2, 3, 4, 5, 6.25f];
        var expected = new LabelledFeatures("arrays", 2, flat, Labels).Hash;

        Assert.Equal(expected, LabelledFeatures.From(rows, Labels).Hash);
        Assert.Equal(expected, LabelledFeatures.From(Two(rows), Labels).Hash);
        Assert.Equal(expected, LabelledFeatures.From(Tensor.Create(flat, [3, 2]).AsReadOnlyTensorSpan(), Labels).Hash);
        Assert.False(LabelledFeatures.From(rows).HasLabels);
        Assert.Equal(["a", "b"], LabelledFeatures.From(rows, details: new FeatureDetails { FeatureNames = ["a", "b"] }).Details.FeatureNames);
    }

    [Fact]
    public void FeaturesFrom_WhatIsNoTable_SaysWhatItShouldBe()
    {
        Says("arrays: expected row 2 to hold 2 features, as row 0 does, but it holds 1.", () => LabelledFeatures.From([[1f, 2], [3, 4], [5]]));
        Says("arrays: expected rows of at least one feature but there are none.", () => LabelledFeatures.From(Array.Empty<float[]>()));
        Says("arrays: expected rows of at least one feature but there are none.", () => LabelledFeatures.From(new float[3, 0]));
        Says("wine: expected finite values but row 1 has NaN in feature 0.", () => LabelledFeatures.From([[1f], [float.NaN]], name: "wine"));
        Says("arrays: expected a tensor of 2 dimensions (count, features); got 3.", () => LabelledFeatures.From(Tensor.Create([1f, 2], [1, 1, 2]).AsReadOnlyTensorSpan()));
    }

    [Fact]
    public void PredictBatch_EveryKindOfArray_GivesWhatRowsGiveOneByOne()
    {
        var rows = Pictures(71, 12, seed: 83);
        var floats = Floats(rows);
        var model = new MlpTrainer(new MlpOptions { HiddenLayers = [9], Epochs = 1, Seed = 84 }).Fit(LabelledImages.From(rows, [.. Enumerable.Range(0, 71).Select(i => i % 3)], width: 4)).Model;
        var expected = rows.Select(row => model.Predict(row).Probabilities.ToArray()).ToArray();

        Prediction[][] predicted =
        [
            model.PredictBatch(rows),
            model.PredictBatch(rows, threads: 1),
            model.PredictBatch(floats),
            model.PredictBatch(Two(floats)),
            model.PredictBatch(Tensor.Create(floats.SelectMany(row => row).ToArray(), [71, 12]).AsReadOnlyTensorSpan()),
        ];

        Assert.All(predicted, batch => Assert.Equal(expected, batch.Select(prediction => prediction.Probabilities.ToArray())));
        Assert.Empty(model.PredictBatch(Array.Empty<float[]>()));
        Says("The model takes 12 pixels a picture; got pictures of 6.", () => model.PredictBatch(new byte[][] { new byte[6], new byte[6] }));
        Says("The model takes 12 pixels a picture; got pictures of 6.", () => model.PredictBatch(new float[2, 6]));
        Says("Features must be finite; feature 5 of row 1 is NaN.", () => model.PredictBatch([new float[12], [0, 0, 0, 0, 0, float.NaN, 0, 0, 0, 0, 0, 0]]));
        Says("The model takes a tensor of 2 dimensions (rows, features); got 1.", () => model.PredictBatch(Tensor.Create(new float[12], [12]).AsReadOnlyTensorSpan()));
    }

    private static void Says(string expected, Func<object> act) => Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
}

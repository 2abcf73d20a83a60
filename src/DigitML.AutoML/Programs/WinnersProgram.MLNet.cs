namespace DigitML.AutoML.Programs;

/// <content>What programs of ML.NET's winners hold: their rows, how they are asked, how they are trained.</content>
internal sealed partial class WinnersProgram
{
    private string Frame() => _data.Images!.Details.Frame switch
    {
        null => _data.Images is { Width: 28, Height: 28 } ? "PictureFrame frame = new ReaderFrame();" : Invariant($"var frame = PictureFrame.Fit({_data.Images.Width}, {_data.Images.Height});"),
        Data.PictureFrame.ReaderName => "PictureFrame frame = new ReaderFrame();",
        var name => Invariant($"var frame = PictureFrame.Fit({_data.Images.Width}, {_data.Images.Height}, isInverted: {(name.EndsWith("inverted", StringComparison.Ordinal) ? "true" : "false")});"),
    };

    private static string AskFeatures(string name) => $$"""
        float[] {{name}}(float[] features)
        {
            if (features.Length != Example.Length)
            {
                throw new ArgumentException($"Expected {Example.Length} features; got {features.Length}.");
            }

            var rows = ml.Data.LoadFromEnumerable([new Example { Features = features }]);
            var scores = model.Transform(rows).GetColumn<float[]>("Score").First();

            // Those of one class against all others need not sum to 1.
            var sum = scores.Sum();
            return Array.ConvertAll(scores, score => sum > 0 ? score / sum : 1f / scores.Length);
        }
        """;

    private string MLNetTypes() => IsNetwork ? "" : Invariant($$"""

        internal sealed class Example
        {
            public const int Length = {{FeatureCount}};

            [VectorType(Length)]
            public float[] Features { get; set; } = [];

            [KeyType({{_data.ClassCount}})]
            public uint Label { get; set; }
        }

        """);

    private string MLNetTraining()
    {
        var settings = result.BestTrial.Settings!;
        var name = result.BestTrial.Trainer;
        string Whole(string setting) => Invariant($"{settings[$"{name}.{setting}"].Whole}");
        string Number(string setting) => settings[$"{name}.{setting}"].ToString();
        var trainer = name switch
        {
            "lightgbm" => $"ml.MulticlassClassification.Trainers.LightGbm(numberOfIterations: {Whole("iterations")}, numberOfLeaves: {Whole("leaves")}, learningRate: {Number("learningRate")}, minimumExampleCountPerLeaf: {Whole("examplesPerLeaf")})",
            "fastforest" => $"ml.MulticlassClassification.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastForest(numberOfTrees: {Whole("trees")}, numberOfLeaves: {Whole("leaves")}, minimumExampleCountPerLeaf: {Whole("examplesPerLeaf")}))",
            "sdca" => $"ml.Transforms.NormalizeMinMax(\"Features\").AppendCacheCheckpoint(ml).Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new Microsoft.ML.Trainers.SdcaMaximumEntropyMulticlassTrainer.Options {{ L2Regularization = {Number("l2")}f, L1Regularization = {Number("l1")}f, MaximumNumberOfIterations = {Whole("iterations")}, NumberOfThreads = 1 }}))",
            "lbfgs" => $"ml.Transforms.NormalizeMinMax(\"Features\").AppendCacheCheckpoint(ml).Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options {{ L2Regularization = {Number("l2")}f, L1Regularization = {Number("l1")}f, MaximumNumberOfIterations = {Whole("iterations")}, NumberOfThreads = 1 }}))",
            _ => throw new InvalidOperationException($"There is no training program for the trainer '{name}'."),
        };
        var seed = Invariant($"{unchecked(result.Study.Seed + result.BestTrial.Number)}");
        return $$"""
            var ml = new MLContext(seed: {{seed}});
            var examples = ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows.Count).Select(i =>
            {
                var features = new float[Example.Length];
                {{(_data.Table is null ? "for (var pixel = 0; pixel < features.Length; pixel++)\n    {\n        features[pixel] = rows.Image(i)[pixel];\n    }\n" : "rows.CopyRow(i, features);")}}
                return new Example { Features = features, Label = (uint)rows.{{(_data.Table is null ? "Label(i)" : "Labels[i]")}} };
            }));
            var model = {{trainer}}.Fit(examples);
            ml.Model.Save(model, examples.Schema, target);
            """;
    }
}

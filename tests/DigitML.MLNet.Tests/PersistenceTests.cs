using System.Globalization;
using DigitML.Cli.Tests;
using DigitML.IO;
using DigitML.Tests.House;
using DigitML.Tests.IO;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet.Tests;

public class PersistenceTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Load_WhatWasSaved_PredictsTheSameBytes()
    {
        var test = Flowers(60, seed: 22);
        var model = Pipeline(_ml).Fit(Flowers(200, seed: 21));
        using var zip = new MemoryStream();
        _ml.Model.Save(model, test.Schema, zip);
        zip.Position = 0;

        var loaded = new MLContext().Model.Load(zip, out _).Transform(test);

        var expected = model.Transform(test);
        Assert.Equal(expected.GetColumn<float[]>("Score"), loaded.GetColumn<float[]>("Score"));
        Assert.Equal(expected.GetColumn<uint>("PredictedLabel"), loaded.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(MlpMulticlassTrainerTests.SlotNames(expected.Schema["Score"]), MlpMulticlassTrainerTests.SlotNames(loaded.Schema["Score"]));
        Assert.Equal(_ml.MulticlassClassification.Evaluate(expected).LogLoss, _ml.MulticlassClassification.Evaluate(loaded).LogLoss);
    }

    /// <summary>Saved by version 0.1.0 on 2026-11-25 with what is asked here; a later version must go on reading it.</summary>
    [Fact]
    public void Load_AZipOfVersion010_PredictsWhatItDidThen()
    {
        var path = Repository.PathOf("tests", "DigitML.MLNet.Tests", "Data", "flowers-0.1.0.zip");
        Assert.InRange(new FileInfo(path).Length, 1, 200_000);

        var output = _ml.Model.Load(path, out _).Transform(Flowers(6, seed: 23));

        var expected = File.ReadLines(Path.ChangeExtension(path, ".csv")).Select(line => Array.ConvertAll(line.Split(','), text => float.Parse(text, CultureInfo.InvariantCulture))).ToArray();
        var scores = output.GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < 6; row++)
        {
            for (var c = 0; c < 3; c++)
            {
                // Processors with other vector widths sum in another order.
                Assert.Equal(expected[row][c], scores[row][c], 1e-5f);
            }
        }
    }

    [Fact]
    public void SaveAsOnnx_InApplyOnnxModel_GivesTheScores()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("flowers.onnx");
        var model = Pipeline(_ml).Fit(Flowers(200, seed: 24));
        model.LastTransformer.SaveAsOnnx(file);
        var scored = model.Transform(Flowers(30, seed: 25));

        var others = _ml.Transforms.CopyColumns("features", "Features")
            .Append(_ml.Transforms.ApplyOnnxModel("probabilities", "features", file))
            .Fit(scored).Transform(scored);

        foreach (var (ours, theirs) in scored.GetColumn<float[]>("Score").Zip(others.GetColumn<float[]>("probabilities")))
        {
            for (var c = 0; c < 3; c++)
            {
                Assert.Equal(ours[c], theirs[c], 1e-5f);
            }
        }

        Assert.Equal(model.LastTransformer.Model.Network.Hash, DigitML.Models.Mlp.Load(file).Hash);
    }

    [Theory]
    [InlineData("sdca", true)]
    [InlineData("sdca", false)]
    [InlineData("lbfgs", true)]
    public void Load_WhatMLNetExports_GivesItsScores(string trainer, bool scaled)
    {
        var data = _ml.Data.LoadFromEnumerable(Made.Flowers(150, seed: 28).Select(flower => new Labelled<string> { Features = [flower.Length, flower.Width], Label = flower.Label }));
        IEstimator<ITransformer> linear = trainer == "sdca" ? _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 20) : _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(scaled ? _ml.Transforms.NormalizeMeanVariance("Features").Append(linear) : linear);
        var model = pipeline.Fit(data);
        using var file = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, data, file);

        var network = DigitML.Models.Mlp.Load(file.ToArray());

        Assert.Equal("2-3", network.Shape);
        foreach (var (features, scores) in data.GetColumn<float[]>("Features").Zip(model.Transform(data).GetColumn<float[]>("Score")))
        {
            var ours = network.Predict(features).Probabilities.Span;
            for (var c = 0; c < 3; c++)
            {
                Assert.Equal(scores[c], ours[c], 1e-4f);
            }
        }
    }

    [Fact]
    public async Task Package_InstalledIntoAnEmptyProject_RunsTheSampleAndLoadsWhatAnotherProcessSaved()
    {
        using var place = new TemporaryFolder();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        foreach (var project in new[] { "DigitML", "DigitML.MLNet" })
        {
            var pack = await ChildProcess.RunAsync("dotnet", Repository.PathOf("src", project), new Dictionary<string, string?>(), "pack", "-c", configuration, "--no-build", "--output", place.File("feed"), "-nodeReuse:false");
            Assert.True(pack.ExitCode == 0, pack.Output + pack.Error);
        }

        using (var package = System.IO.Compression.ZipFile.OpenRead(Directory.EnumerateFiles(place.File("feed"), "DigitML.MLNet.*.nupkg").Single(file => !file.EndsWith(".snupkg", StringComparison.Ordinal))))
        {
            Assert.NotNull(package.GetEntry("README.md"));
            Assert.NotNull(package.GetEntry("lib/net10.0/DigitML.MLNet.xml"));
        }

        Directory.CreateDirectory(place.File("app"));
        foreach (var source in Directory.EnumerateFiles(Repository.PathOf("samples", "MLNet.Digits"), "*.cs"))
        {
            File.Copy(source, Path.Combine(place.File("app"), Path.GetFileName(source)));
        }

        var version = typeof(DigitException).Assembly.GetName().Version!.ToString(3);
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(place.File("app"), "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestoreAdditionalProjectSources>{place.File("feed")}</RestoreAdditionalProjectSources>
                <RestoreFallbackFolders>{restored}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="DigitML.MLNet" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = place.File("packages"), ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };

        // What this process trains and saves, another loads that has never seen the trainer.
        Made.Folder(place.File("drawn"), 60, seed: 26);
        var data = _ml.Data.LoadDigits(place.File("drawn"));
        var model = _ml.Transforms.NormalizeDigit().Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [16], numberOfEpochs: 30))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        var file = place.File("drawn.zip");
        _ml.Model.Save(model, data.Schema, file);
        var picture = data.GetColumn<string>("ImagePath").ElementAt(17);
        var build = await ChildProcess.RunAsync("dotnet", place.File("app"), environment, "build", "-c", "Release", "-p:UseSharedCompilation=false", "-nodeReuse:false");
        Assert.True(build.ExitCode == 0, build.Output + build.Error);
        var loaded = await ChildProcess.RunAsync("dotnet", place.File("app"), environment, "run", "-c", "Release", "--no-build", "--", file, picture);
        Assert.True(loaded.ExitCode == 0, loaded.Output + loaded.Error);
        var output = model.Transform(data);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"{picture}: {output.GetColumn<string>("PredictedLabel").ElementAt(17)}, {output.GetColumn<float[]>("Score").ElementAt(17).Max():P1}").Replace(" ", "", StringComparison.Ordinal),
            loaded.Output.Trim().Split('\n')[^1].Replace(" ", "", StringComparison.Ordinal));

        var trained = await ChildProcess.RunAsync("dotnet", place.File("app"), environment, "run", "-c", "Release", "--no-build", "--", place.File("drawn"), place.File("again.zip"));
        Assert.True(trained.ExitCode == 0, trained.Output + trained.Error);
        Assert.Contains("Confusion table", trained.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(place.File("again.zip")));
    }

    [Fact]
    public async Task Sample_ATable_PrintsARowForEachTrainer()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var sample = Repository.PathOf("samples", "MLNet.Tabular", "bin", configuration, "net10.0", "MLNet.Tabular.dll");
        var run = await ChildProcess.RunAsync("dotnet", Path.GetDirectoryName(sample)!, new Dictionary<string, string?> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }, sample);
        Assert.SkipWhen(run.Error.Contains("DllNotFoundException", StringComparison.Ordinal), "LightGBM's native library does not load here.");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var lines = run.Output.Trim().Split('\n');
        Assert.Equal(["trainer", "Mlp", "LightGbm", "SdcaMaximumEntropy", "FastForest,"], lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines[1..], line => Assert.InRange(double.Parse(line[28..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture), 80, 100));
    }

    [Fact]
    public void Predict_AnEngineForEachThread_ShareOneModel()
    {
        using var zip = new MemoryStream();
        var flowers = Made.Flowers(50, seed: 27).ToArray();
        var data = _ml.Data.LoadFromEnumerable(flowers);
        _ml.Model.Save(Pipeline(_ml).Fit(data), data.Schema, zip);
        zip.Position = 0;
        var model = _ml.Model.Load(zip, out _);
        var expected = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        var found = new float[800][];

        // An engine belongs to one thread at a time; the model behind it belongs to all.
        using var engines = new ThreadLocal<PredictionEngine<Flower, FlowerScore>>(() => _ml.Model.CreatePredictionEngine<Flower, FlowerScore>(model));
        Parallel.For(0, 800, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => found[i] = [.. engines.Value!.Predict(flowers[i % 50]).Score]);

        Assert.Equal(Enumerable.Range(0, 800).Select(i => expected[i % 50]), found);
    }

    internal static EstimatorChain<MlpPredictionTransformer> Pipeline(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Categorical.OneHotEncoding("Soil"))
            .Append(ml.Transforms.Concatenate("Features", "Length", "Width", "Soil"))
            .Append(ml.MulticlassClassification.Trainers.Mlp(hiddenLayers: [16], numberOfEpochs: 60));

    private IDataView Flowers(int count, int seed) => _ml.Data.LoadFromEnumerable(Made.Flowers(count, seed));
}

/// <summary>What is asked of a model whose labels are keys.</summary>
internal sealed class FlowerScore
{
    public float[] Score { get; set; } = [];
}

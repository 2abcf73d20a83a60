using System.IO.Compression;
using System.Text.Json;
using DigitML.IO;
using DigitML.Tests.House;

namespace DigitML.Cli.Tests;

/// <summary>The packages, installed from a folder into an empty place and used there as their readers would.</summary>
public sealed class PackageTests : IClassFixture<PackageTests.Packages>
{
    private const string Program = """
        using DigitML.Data;
        using DigitML.Evaluation;
        using DigitML.Models;
        using DigitML.Training;

        var train = SyntheticDigits.Create(900, seed: 11);
        var test = SyntheticDigits.Create(203, seed: 12);
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [33], Epochs = 3, Seed = 7 }).Fit(train);
        result.Model.Save("digits.onnx");
        var evaluation = Mlp.Load("digits.onnx").Evaluate(test);
        Console.WriteLine($"{evaluation.MicroAccuracy > 0.5} {test.IsSynthetic}");
        """;

    private const string KerasProgram = """
        using DigitML.Data;
        using DigitML.Keras;
        using DigitML.Training;

        var train = SyntheticDigits.Create(300, seed: 13);
        var model = new MlpTrainer(new MlpOptions { HiddenLayers = [9], Epochs = 1, Seed = 7 }).Fit(train).Model;
        KerasModel.Save(model, "digits.keras");
        var loaded = KerasModel.Load("digits.keras");
        Console.WriteLine($"{loaded.Shape} {loaded.Predict(train.Image(0)).PredictedLabel == model.Predict(train.Image(0)).PredictedLabel}");
        """;

    private readonly Packages _packages;

    public PackageTests(Packages packages)
    {
        _packages = packages;
    }

    [Fact]
    public void Packages_All_HoldReadmeDocumentationAndSymbols()
    {
        var library = _packages.EntriesOf("DigitML.?.*.nupkg");
        Assert.Contains("README.md", library);
        Assert.Contains("lib/net10.0/DigitML.xml", library);
        Assert.Contains("lib/net10.0/DigitML.pdb", _packages.EntriesOf("DigitML.?.*.snupkg"));

        var keras = _packages.EntriesOf("DigitML.Keras.?.*.nupkg");
        Assert.Contains("README.md", keras);
        Assert.Contains("lib/net10.0/DigitML.Keras.xml", keras);
        Assert.Contains("lib/net10.0/DigitML.Keras.pdb", _packages.EntriesOf("DigitML.Keras.?.*.snupkg"));

        var tool = _packages.EntriesOf($"DigitML.Cli.{Packages.Platform}.*.nupkg");
        Assert.Contains("README.md", tool);
        Assert.Contains($"tools/net10.0/{Packages.Platform}/DigitML.Cli.xml", tool);
        Assert.Contains($"tools/net10.0/{Packages.Platform}/DigitML.Cli.pdb", _packages.EntriesOf($"DigitML.Cli.{Packages.Platform}.*.snupkg"));
    }

    [Theory]
    [InlineData("DigitML", Program, "True True")]
    [InlineData("DigitML.Keras", KerasProgram, "784-9-10 True")]
    public async Task Library_InstalledIntoAnEmptyProject_RunsWhatItsReadersWrite(string package, string program, string expected)
    {
        using var place = new TemporaryFolder();
        File.WriteAllText(place.File("Program.cs"), program);
        File.WriteAllText(place.File("app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{_packages.Folder}</RestoreAdditionalProjectSources>
                <RestoreFallbackFolders>{Packages.Restored}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = place.File("packages") };

        var (code, output, error) = await ChildProcess.RunAsync("dotnet", place.FullName, environment, "run", "-c", "Release", "-p:UseSharedCompilation=false", "-nodeReuse:false");

        Assert.True(code == 0, output + error);
        Assert.Equal(expected, output.Trim());
        Assert.All(["digitml", package.ToLowerInvariant()], name => Assert.True(Directory.Exists(Path.Combine(place.FullName, "packages", name)), "The library came from somewhere else."));
    }

    [Fact]
    public async Task Tool_InstalledIntoAnEmptyFolder_TrainsAndEvaluates()
    {
        using var place = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = place.File("packages"), ["DIGITML_DATA"] = null };
        var install = await ChildProcess.RunAsync("dotnet", place.FullName, environment, "tool", "install", "DigitML.Cli", "--tool-path", place.File("tools"), "--add-source", _packages.Folder, "--version", Packages.Version);
        Assert.True(install.ExitCode == 0, install.Output + install.Error);

        var digitml = Directory.EnumerateFiles(place.File("tools"), "digitml*").Single();
        var train = await ChildProcess.RunAsync(digitml, place.FullName, environment, "train", "--dataset", "synthetic", "--limit", "707", "--epochs", "2", "--json");
        Assert.True(train.ExitCode == 0, train.Output + train.Error);
        Assert.True(JsonDocument.Parse(train.Output).RootElement.GetProperty("synthetic").GetBoolean());

        var evaluate = await ChildProcess.RunAsync(digitml, place.FullName, environment, "evaluate", "--dataset", "synthetic", "--limit", "707", "--min-accuracy", "1");
        Assert.Equal(ExitCode.GateNotMet, evaluate.ExitCode);
    }

    /// <summary>All of them, made once from what the solution has built.</summary>
    public sealed class Packages : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        /// <summary>Where the packages lie.</summary>
        public string Folder => _folder.FullName;

        /// <summary>The packages' version.</summary>
        public static string Version { get; } = typeof(DigitException).Assembly.GetName().Version!.ToString(3);

        /// <summary>What was restored for the solution, so that dependencies are not fetched again.</summary>
        public static string Restored { get; } =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        /// <summary>The platform that the tool's package is made for here.</summary>
        public static string Platform { get; } = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;

        /// <summary>Debug or Release, as the tests were built, and what they test with them.</summary>
        private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

        public IReadOnlyList<string> EntriesOf(string pattern)
        {
            using var archive = ZipFile.OpenRead(Directory.EnumerateFiles(Folder, pattern).Single(file => pattern.Contains("Cli", StringComparison.Ordinal) == file.Contains("Cli", StringComparison.Ordinal)));
            return [.. archive.Entries.Select(entry => entry.FullName)];
        }

        public async ValueTask InitializeAsync()
        {
            foreach (var project in new[] { "DigitML", "DigitML.Keras", "DigitML.Cli" })
            {
                var (code, output, error) = await ChildProcess.RunAsync(
                    "dotnet", Path.Combine(Repository.Root, "src", project), new Dictionary<string, string?>(),
                    ["pack", "-c", Configuration, "--output", Folder, "-nodeReuse:false", .. project != "DigitML.Cli" ? ["--no-build"] : (string[])[$"-p:ToolPackageRuntimeIdentifiers={Platform}", "-p:UseSharedCompilation=false"]]);
                Assert.True(code == 0, output + error);
            }
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

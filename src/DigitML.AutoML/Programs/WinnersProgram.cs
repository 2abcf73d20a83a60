using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using DigitML.AutoML.Trials;
using DigitML.Data;
using DigitML.Reading;
using Microsoft.ML;

namespace DigitML.AutoML.Programs;

/// <summary>The texts of one winner's programs: what loads the model, what asks it, what trains it again.</summary>
internal sealed partial class WinnersProgram(ExperimentResult result, string? dataPath, CsvOptions csv)
{
    private const string Tensors = "System.Numerics.Tensors";
    private readonly ExperimentModel _model = result.Model ?? throw new ArgumentException("A search without a last training has no model to write programs for.", nameof(result));
    private readonly ExperimentData _data = result.Data;

    private enum Input
    {
        /// <summary>Pictures that are searched for digits.</summary>
        Digits,

        /// <summary>Pictures that are classified whole.</summary>
        Pictures,

        /// <summary>Rows of a table.</summary>
        Rows,
    }

    private Input Kind => _data.Table is not null ? Input.Rows : _model.Network is { } network && !PictureClassifier.IsFor(network) ? Input.Digits : Input.Pictures;

    private bool IsNetwork => _model.Network is not null;

    /// <summary>A project file.</summary>
    /// <param name="sdk">Its SDK.</param>
    /// <param name="libraries">What lies in <c>lib</c>.</param>
    /// <param name="root">The way to the output folder.</param>
    /// <param name="isTraining">Whether it trains rather than asks.</param>
    public string Project(string sdk, IEnumerable<string> libraries, string root, bool isTraining)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <!-- A project of its own, wherever it lies. -->
                <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
                <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
                <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
              </PropertyGroup>
              <ItemGroup>

            """);
        foreach (var library in libraries.Where(library => IsNetwork || library != Tensors))
        {
            text.Append(CultureInfo.InvariantCulture, $"""    <Reference Include="{library}" HintPath="{root}lib/{library}.dll" />""").Append('\n');
        }

        text.Append("  </ItemGroup>\n");
        if (!IsNetwork)
        {
            text.Append("  <ItemGroup>\n");
            foreach (var package in new[] { "Microsoft.ML", "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm" })
            {
                text.Append(CultureInfo.InvariantCulture, $"""    <PackageReference Include="{package}" Version="{VersionOf(typeof(MLContext).Assembly)}" />""").Append('\n');
            }

            // ML.NET brings an older one than the library was built with; one of the two must say which.
            text.Append(CultureInfo.InvariantCulture, $"""    <PackageReference Include="{Tensors}" Version="{VersionOf(Assembly.Load(Tensors))}" />""").Append('\n');

            text.Append("  </ItemGroup>\n");
        }

        if (!isTraining)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                  <ItemGroup>
                    <Content Include="{root}{_model.FileName}" Link="{_model.FileName}" CopyToOutputDirectory="PreserveNewest" />
                  </ItemGroup>

                """);
        }

        return text.Append("</Project>\n").ToString();
    }

    /// <summary>The console program.</summary>
    public string ConsoleProgram() => Tidy($$"""
        // {{About()}}
        {{(Kind == Input.Rows ? "// Without arguments it classifies the sample below; with a CSV file, each of its rows: dotnet run -- rows.csv" : "// Says what pictures show: dotnet run -- picture.png …")}}
        {{Usings()}}

        {{Loading()}}
        {{Columns()}}

        {{ConsoleBody()}}

        // One line a file; a file that cannot be read is said, and the others go on.
        int Each(Func<string, string> answer)
        {
            var failures = 0;
            foreach (var path in args)
            {
                try
                {
                    Console.WriteLine($"{path}: {answer(path)}");
                }
                catch (Exception error) when (error is DigitException or ArgumentException)
                {
                    Console.Error.WriteLine($"error: {error.Message}");
                    failures++;
                }
            }

            return failures == 0 ? 0 : 1;
        }

        {{Asking(isConsole: true)}}
        """ + "\n" + MLNetTypes());

    private string ConsoleBody() => Kind switch
    {
        Input.Digits => """
                if (args.Length == 0)
                {
                    // No picture was named: a few drawn by a program show that all is in place.
                    var drawn = SyntheticDigits.Create(10, seed: 7);
                    for (var i = 0; i < drawn.Count; i++)
                    {
                        Console.WriteLine($"synthetic digit {drawn.Label(i)}: {model.Predict(drawn.Image(i))}");
                    }

                    return 0;
                }

                var reader = new DigitReader(model);
                return Each(path => reader.Read(path) is { } reading ? $"{reading.Text} ({string.Join(", ", reading.Digits.Select(digit => $"{digit.Digit} {digit.Probability:P1}"))})" : "");
                """,
        Input.Pictures => """
                if (args.Length == 0)
                {
                    Console.Error.WriteLine("Name pictures: dotnet run -- picture.png …");
                    return 1;
                }

                return Each(path => Describe(Ask(path)));
                """,
        _ => $$"""
                if (args.Length == 0)
                {
                    // The first row that it learnt from.
                    float[] sample = [{{Sample()}}];
                    Console.WriteLine(Describe(Ask(sample)));
                    return 0;
                }

                return Each(path =>
                {
                    var rows = CsvReader.ReadTable(path, new CsvOptions { {{TableOptions(HasNames ? "FeatureColumns = columns" : "")}} });
                    foreach (var note in rows.Details.Notes)
                    {
                        Console.Error.WriteLine($"note: {note}");
                    }

                    var features = new float[rows.FeatureCount];
                    return string.Join(Environment.NewLine, Enumerable.Range(0, rows.Count).Select(row =>
                    {
                        rows.CopyRow(row, features);
                        return $"row {row + 1}: {Describe(Ask(features))}";
                    }));
                });
                """,
    };

    /// <summary>The web API.</summary>
    public string ApiProgram() => Tidy($$"""
        // {{About()}}
        // POST {{(Kind != Input.Rows ? "a picture's bytes" : HasNames ? "a row's values by the names of their columns" : "the features as a JSON array, in the order of the columns,")}} to /predict:
        // {{(Kind == Input.Rows ? $"curl -H 'content-type: application/json' -d '{SampleJson()}' http://localhost:5000/predict" : "curl --data-binary @picture.png http://localhost:5000/predict")}}
        {{(HasNames ? "using System.Text.Json;\n" : "")}}{{Usings()}}

        var app = WebApplication.CreateBuilder(args).Build();
        {{Loading()}}
        {{(Kind == Input.Digits ? "var reader = new DigitReader(model);" : "")}}
        {{Columns()}}
        {{(Kind == Input.Rows ? $$"""
        app.MapPost("/predict", ({{(HasNames ? "Dictionary<string, JsonElement> row" : "float[] features")}}) =>
        {
            try
            {
                return Results.Json(Answer(Ask({{(HasNames ? "Features(row)" : "features")}})));
            }
            catch (Exception error) when (error is DigitException or ArgumentException)
            {
                return Results.Problem(error.Message, statusCode: 400);
            }
        });
        """ : $$"""
        app.MapPost("/predict", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            try
            {
                return {{(Kind == Input.Digits ? "Results.Json(Answer(reader.Read(new MemoryStream(body.ToArray()))))" : "Results.Json(Answer(Ask(body.ToArray())))")}};
            }
            catch (Exception error) when (error is DigitException or ArgumentException)
            {
                return Results.Problem(error.Message, statusCode: 400);
            }
        });
        """)}}

        app.Run();

        {{(HasNames ? """
        // A column of numbers is a feature; one of words a feature for each word, called column=word, which is 1 where it says so.
        float[] Features(Dictionary<string, JsonElement> row) => Array.ConvertAll(columns, column =>
        {
            if (row.TryGetValue(column, out var value))
            {
                return value.ValueKind == JsonValueKind.Number ? value.GetSingle() : throw new ArgumentException($"Expected a number for '{column}'; got {value}.");
            }

            for (var at = column.IndexOf('='); at >= 0; at = column.IndexOf('=', at + 1))
            {
                if (row.TryGetValue(column[..at], out var word))
                {
                    return word.ToString() == column[(at + 1)..] ? 1f : 0f;
                }
            }

            throw new ArgumentException($"Expected a value for '{column}'.");
        });

        """ : "")}}
        {{(Kind == Input.Digits ? "static object Answer(ReadingResult reading) => new { text = reading.Text, digits = reading.Digits.Select(digit => new { digit = digit.Digit, probability = digit.Probability }) };" : "object Answer(float[] probabilities) => new { @class = names[Best(probabilities)], probabilities = names.Zip(probabilities).ToDictionary(pair => pair.First, pair => pair.Second) };")}}

        {{Asking(isConsole: false)}}
        """ + "\n" + MLNetTypes());

    /// <summary>The program that trains the winner again.</summary>
    public string TrainingProgram() => Tidy($$"""
        // {{About()}}
        // Trains it again: dotnet run -- {{(_data.Table is null ? "DATA" : "rows.csv")}} [{{_model.FileName}}]
        {{Usings()}}

        var path = args.Length > 0 ? args[0] : {{(dataPath is null ? "DigitDataOptions.Auto" : Literal(Path.GetFullPath(dataPath)))}};
        var target = args.Length > 1 ? args[1] : {{Literal(_model.FileName)}};
        {{(_data.Table is { } table ? $$"""
        {{Columns()}}
        var rows = CsvReader.ReadTable(path, new CsvOptions { {{TableOptions(FeatureNames.Count > 0 ? "FeatureColumns = columns" : "", csv.LabelColumn is { } label ? $"LabelColumn = {Literal(label)}" : "")}} });
        Console.WriteLine(rows);
        """ : """
        var digits = await DigitData.LoadAsync(new DigitDataOptions { Dataset = path });
        Console.WriteLine(digits);
        var rows = digits.Train;
        """)}}
        {{(IsNetwork ? $$""""
        var options = MlpOptions.FromJson("""
            {{OptionsJson()}}
            """);
        var training = new MlpTrainer(options).Fit(rows, new Epochs());
        training.Model.Save(target);
        """" : MLNetTraining())}}
        Console.WriteLine($"Written: {target}");
        {{(_data.Table is null && IsNetwork ? "Console.WriteLine(training.Model.Evaluate(digits.Test));" : "")}}
        {{(IsNetwork ? """

        internal sealed class Epochs : IProgress<EpochReport>
        {
            public void Report(EpochReport value)
            {
                if (value.IsComplete)
                {
                    Console.WriteLine(value);
                }
            }
        }
        """ : "")}}
        """ + "\n" + (IsNetwork ? "" : MLNetTypes()));

    /// <summary>One empty line where parts that this winner does not need left several, and one end of line at the end.</summary>
    private static string Tidy(string program) => EmptyLines().Replace(program.ReplaceLineEndings("\n"), "\n\n").TrimEnd() + "\n";

    [GeneratedRegex("\n{3,}")]
    private static partial Regex EmptyLines();

    private string About() => Invariant($"{result.BestTrial.Trainer}, trial {result.BestTrial.Number} of {result.Trials.Count}: {result.Study.Metric.ToString().ToLowerInvariant()} {result.BestTrial.Last!.Score.Of(result.Study.Metric):F4} on held-out examples of {result.Study.Dataset}{(result.Study.IsSynthetic ? ", drawn by a program" : "")}.").ReplaceLineEndings(" ");

    private string Usings() => string.Join('\n', ((string[])["DigitML.Data", "DigitML.Evaluation", "DigitML.Imaging", "DigitML.IO", "DigitML.Models", "DigitML.Reading", "DigitML.Training", .. IsNetwork ? (string[])[] : ["Microsoft.ML", "Microsoft.ML.Data"]]).Select(name => $"using {name};"));

    private string Loading() => IsNetwork
        ? $$"""
        var model = Mlp.Load(Path.Combine(AppContext.BaseDirectory, {{Literal(_model.FileName)}}));
        {{(Kind == Input.Pictures ? "var classifier = new PictureClassifier(model);" : "")}}
        {{(Kind == Input.Digits ? "" : "string[] names = [.. Enumerable.Range(0, model.ClassCount).Select(model.NameOf)];")}}
        """
        : $$"""
        var ml = new MLContext();
        var model = ml.Model.Load(Path.Combine(AppContext.BaseDirectory, {{Literal(_model.FileName)}}), out _);
        string[] names = [{{string.Join(", ", Names().Select(Literal))}}];
        {{(Kind == Input.Rows ? "" : Frame())}}
        """;

    /// <summary>Local functions that give a model's probabilities, the same whatever it is; only those that the program uses.</summary>
    private string Asking(bool isConsole) => Kind == Input.Digits ? "" : (IsNetwork, Kind) switch
    {
        (true, Input.Pictures) => isConsole
            ? "float[] Ask(string path) => classifier.Classify(path).Probabilities.ToArray();"
            : "float[] Ask(byte[] picture) => classifier.Classify(picture).Probabilities.ToArray();",
        (true, _) => "float[] Ask(float[] features) => model.Predict(features).Probabilities.ToArray();",
        (false, Input.Pictures) => $$"""
            float[] Ask({{(isConsole ? "string path" : "byte[] picture")}})
            {
                var pixels = new byte[Example.Length];
                return frame.TryPut(ImageFile.Decode({{(isConsole ? "File.ReadAllBytes(path)" : "picture")}}).Image, pixels)
                    ? AskFeatures(Array.ConvertAll(pixels, pixel => (float)pixel))
                    : throw new DigitException("The picture shows nothing.");
            }
            """ + "\n\n" + AskFeatures("AskFeatures"),
        _ => AskFeatures("Ask"),
    } + "\n\n" + (isConsole ? """string Describe(float[] probabilities) => $"{names[Best(probabilities)]} ({probabilities[Best(probabilities)]:P1})";""" + "\n\n" : "") + """
        static int Best(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());
        """;

    private int FeatureCount => _data.Images?.PixelsPerImage ?? _data.Table!.FeatureCount;

    private string OptionsJson() => (_model.History!.Options with { Threads = 0, ValidationFraction = 0 }).ToJson();

    private IEnumerable<string> Names() => Enumerable.Range(0, _data.ClassCount).Select(index => _data.ClassNames.Count > index ? _data.ClassNames[index] : Invariant($"{index}"));

    private static string Character(char character) => character == '\t' ? "'\\t'" : $"'{character}'";

    private static string Literal(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>The version of the package that an assembly came in; what follows a plus sign names a commit.</summary>
    private static string VersionOf(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

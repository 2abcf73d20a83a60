using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml predict</c>: says which digits the pictures of files show.</summary>
internal sealed class PredictCommand : Command
{
    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Pictures (PNG, JPEG, WebP, GIF, TIFF, HEIC, AVIF, BMP, PNM), folders of them, and data files: IDX, gzipped or not, CSV, NumPy, Parquet; - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _index = new("--index") { Description = "Which pictures of each file, such as 0..9 or 3,5; all when left out.", HelpName = "LIST" };
    private readonly Option<bool> _single = new("--single") { Description = "Each picture holds one digit, and all its ink belongs to it." };
    private readonly Option<bool> _noLines = new("--no-lines") { Description = "All ink was written, as on a drawing pad: take no ruled lines or boxes away." };
    private readonly Option<string?> _pattern = new("--pattern")
    {
        Description = "The form of each line: # a digit, #* any number of them, other characters themselves, such as '#*,##' or '##.##.####'.",
        HelpName = "FORM",
    };

    private readonly Option<bool> _show = new("--show") { Description = "Draw each digit as the network saw it, with its box." };
    private readonly Option<string?> _steps = new("--steps") { Description = "Write the pictures between into this folder.", HelpName = "DIR" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one line of JSON for each picture, and nothing else." };
    private readonly FormatOptionSet _formats = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public PredictCommand(Terminal terminal)
        : base("predict", "Says which digits pictures show.")
    {
        _terminal = terminal;
        Arguments.Add(_paths);
        _model.AddTo(this);
        Options.Add(_index);
        Options.Add(_single);
        Options.Add(_noLines);
        Options.Add(_pattern);
        Options.Add(_show);
        Options.Add(_steps);
        Options.Add(_json);
        _formats.AddTo(this);
        SetAction((parse, cancellationToken) => Task.FromResult(Run(parse, cancellationToken)));
    }

    private int Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var (model, _) = _model.Load(parse);
        var json = parse.GetValue(_json);
        var pattern = parse.GetValue(_pattern);
        if (pattern is not null && (parse.GetValue(_single) || PictureClassifier.IsFor(model)))
        {
            throw new DigitException("--pattern is the form of a string of digits; leave it out with --single, and with a model that classifies whole pictures.");
        }

        var reader = new PictureReader(_terminal, model) { Pattern = pattern, Single = parse.GetValue(_single), HasLines = !parse.GetValue(_noLines), Json = json, Show = parse.GetValue(_show), StepsFolder = parse.GetValue(_steps) };
        var classifier = PictureClassifier.IsFor(model) ? new PictureClasses(_terminal, model) { Json = json } : null;
        var code = ExitCode.Done;
        var pictures = new List<string>();
        foreach (var path in parse.GetRequiredValue(_paths))
        {
            try
            {
                if (!(PipedInput.TryRead(path, out var isData) ? isData : PictureFiles.IsData(path)))
                {
                    pictures.AddRange(PictureFiles.Expand(path, out var leftOut));
                    if (leftOut is not null)
                    {
                        _terminal.Complain("note", $"{path}: {leftOut}.");
                    }

                    continue;
                }

                ReadPictures();
                PredictData(parse, model, path, parse.GetValue(_index), json);
            }
            catch (DigitException error)
            {
                // The other files are still read, and results come in the order of the paths.
                ReadPictures();
                code = ExitCode.Failed;
                if (json)
                {
                    _terminal.Output.WriteLine(new ReadingErrorDocument(path, Terminal.OneLine(error.Message)).ToJson());
                }

                _terminal.Complain("error", error.Message);
            }
        }

        ReadPictures();
        return code;

        void ReadPictures()
        {
            if (pictures.Count > 0 && (classifier is null ? reader.Read(pictures, cancellationToken) : classifier.Read(pictures, cancellationToken)) > 0)
            {
                code = ExitCode.Failed;
            }

            pictures.Clear();
        }
    }

    private void PredictData(ParseResult parse, Mlp model, string path, string? list, bool json)
    {
        var data = ModelInput.Fit(DataFile.Read(path, _formats.Read(parse, model, _terminal)), model);
        if (data.Table is { } table)
        {
            if (table.FeatureCount != model.InputCount)
            {
                throw new DigitException($"{path}: expected rows of {model.InputCount} features, which the model takes, but they have {table.FeatureCount}.");
            }

            foreach (var note in data.Notes)
            {
                _terminal.Complain("note", note);
            }

            var row = new float[table.FeatureCount];
            Classify(model, path, Indices(table.Count), json, index =>
            {
                table.CopyRow(index, row);
                return (model.Predict(row), table.HasLabels ? NameOf(table.Details.ClassNames, table.Labels[index]) : null);
            });
            return;
        }

        var images = data.Images!;
        if (images.PixelsPerImage != model.InputCount)
        {
            throw new DigitException($"{path}: expected pictures of {model.InputCount} pixels, which the model takes, but they are {images.Width}x{images.Height}.");
        }

        if (model.ClassNames.Count > 0)
        {
            Classify(model, path, Indices(images.Count), json, index => (model.Predict(images.Image(index)), images.HasLabels ? NameOf(images.ClassNames, images.Label(index)) : null));
            return;
        }

        Predict(model, images, path, Indices(images.Count), json);

        IEnumerable<int> Indices(int count) => list is null ? Enumerable.Range(0, count) : IndexList.Parse(list, count, path);
    }

    private static string NameOf(IReadOnlyList<string> names, int label) => label < names.Count ? names[label] : FormattableString.Invariant($"{label}");

    private void Classify(Mlp model, string path, IEnumerable<int> indices, bool json, Func<int, (Prediction Prediction, string? Label)> at)
    {
        if (!json)
        {
            _terminal.SayMarkup($"[bold]{Spectre.Console.Markup.Escape(path)}[/]");
            _terminal.Say("   index   class          probability   runner-up");
        }

        foreach (var index in indices)
        {
            var (prediction, label) = at(index);
            var found = ClassDocument.Of(path, index, model, prediction, label);
            if (json)
            {
                _terminal.Output.WriteLine(found.ToJson());
                continue;
            }

            var wrong = label is null || label == found.Class ? "" : $"   wrong: {label}";
            _terminal.Say(FormattableString.Invariant($"{index,8}   {found.Class,-14} {Percent.Format(found.Probability),11}   {found.RunnerUp} ({Percent.Format(found.RunnerUpProbability)}){wrong}"));
        }
    }

    private void Predict(Mlp model, LabelledImages images, string path, IEnumerable<int> indices, bool json)
    {
        if (!json)
        {
            _terminal.SayMarkup($"[bold]{Spectre.Console.Markup.Escape(path)}[/]");
            _terminal.Say($"   index   digit   probability   runner-up{(images.HasLabels ? "   label" : "")}");
        }

        foreach (var index in indices)
        {
            var prediction = model.Predict(images.Image(index));
            int? label = images.HasLabels ? images.Label(index) : null;
            if (json)
            {
                _terminal.Output.WriteLine(PredictionDocument.Of(path, index, prediction, images.Width, images.Height, label).ToJson());
                continue;
            }

            var runnerUp = prediction.RunnerUp;
            var right = label is null ? "" : FormattableString.Invariant($"{label,8}{(label == prediction.PredictedLabel ? "" : "  wrong")}");
            _terminal.Say(FormattableString.Invariant($"{index,8}{prediction.PredictedLabel,8}{Percent.Format(prediction.Probability),14}{runnerUp,4} ({Percent.Format(prediction.Probabilities.Span[runnerUp]),7}){right}").TrimEnd());
        }
    }
}

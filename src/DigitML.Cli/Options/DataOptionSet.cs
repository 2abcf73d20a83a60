using System.CommandLine;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Cli.Options;

/// <summary>The options that say which digits to take, the same in every command that needs labelled ones.</summary>
internal sealed class DataOptionSet
{
    // The library draws at least one of each digit.
    private const int SmallestSynthetic = 10;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Data of your own: a folder with a sub-folder of pictures for each class, or laid out as MNIST's; or a file, CSV (pixels or any table), IDX, NumPy or Parquet. Default: MNIST from where it is usually found, or a download.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _dataset = OptionOf.Word(
        "--dataset",
        "auto takes MNIST, else synthetic digits; mnist takes MNIST or fails; synthetic draws digits.",
        DigitDataOptions.Auto,
        DigitDataOptions.MnistOnly,
        DigitDataOptions.Synthetic);

    private readonly Option<int?> _limit = OptionOf.Number<int>("--limit", "Take the first N examples only.");

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "With --data IMAGES in IDX or NumPy: the file of its labels. Default: the file of that name beside it.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _test = new("--test")
    {
        Description = "With --data: the file or folder to test on. Default: the test data that come with the others; else every sixth example of each class, held out.",
        HelpName = "PATH",
    };

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "The same as --data PATH.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly FormatOptionSet _formats = new();

    /// <summary>Adds the options to a command that takes data to train and to test on.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_test);
        command.Options.Add(_dataset);
        command.Options.Add(_limit);
        _formats.AddTo(command);
    }

    /// <summary>As <see cref="AddTo"/>, for a command that takes the data's path as its argument as well.</summary>
    public void AddWithArgumentTo(Command command)
    {
        command.Arguments.Add(_path);
        AddTo(command);
    }

    /// <summary>Adds the options to a command that takes data to test on alone.</summary>
    public void AddForTestTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_labels);
        command.Options.Add(_dataset);
        command.Options.Add(_limit);
        _formats.AddTo(command);
    }

    /// <summary>Loads what is trained and tested on, and says what that is.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="terminal">Where a fallback is told, whatever else is hushed.</param>
    /// <param name="talk">Where the rest is told.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="DigitException">There is nothing to load, or it is not what it should be.</exception>
    public async Task<DataPair> LoadAsync(ParseResult parse, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var limit = Limit(parse);
        var data = await LoadAsync(parse, limit, int.MaxValue, terminal, talk, cancellationToken);
        data = data with
        {
            Train = Limited(_formats.Change(parse, data.Train), limit),
            Test = _formats.Change(parse, data.Test),
            Validation = data.Validation is { } held ? _formats.Change(parse, held) : null,
        };
        talk.Say($"Train: {Describe(data.Train)}");
        if (data.Validation is { } validation)
        {
            talk.Say($"Valid: {Describe(validation)}");
        }

        talk.Say($"Test:  {Describe(data.Test)}");
        SayHow(data.Train, data.Notes, terminal, talk);
        return data;
    }

    /// <summary>Loads what is tested on, in the form that a model takes it, and says what that is.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="model">The model that will be tested.</param>
    /// <param name="terminal">Where a fallback is told, whatever else is hushed.</param>
    /// <param name="talk">Where the rest is told.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="DigitException">There is nothing to load, or it is not what it should be.</exception>
    public async Task<DataContent> LoadTestAsync(ParseResult parse, Mlp model, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var limit = Limit(parse);
        DataContent data;
        if (parse.GetValue(_data) is { } path && !await IsMnistAsync(parse, path, cancellationToken))
        {
            RefuseSynthetic(parse, path);
            CheckPath(path);
            var options = _formats.Read(parse, model, talk) with { LabelsPath = parse.GetValue(_labels) };
            data = await Task.Run(() => DataFile.Read(path, options, cancellationToken), cancellationToken);
            var notes = data.Notes;
            SayNotMnist(path, data, terminal);
            data = Limited(ModelInput.Fit(_formats.Change(parse, data.Test ?? data), model), limit);
            talk.Say($"Data:  {Describe(data)}");
            SayHow(data, notes, terminal, talk);
            return data;
        }

        data = Limited(_formats.Change(parse, (await LoadAsync(parse, trainLimit: 0, limit, terminal, talk, cancellationToken)).Test), limit);
        talk.Say($"Data:  {Describe(data)}");
        return data;
    }

    /// <summary>What a name in a line is, with how many examples of what.</summary>
    public static string Describe(DataContent data) =>
        data.Images is { } images
            ? FormattableString.Invariant($"{SyntheticDigits.NameOf(images.Name, images.IsSynthetic)}, {images.Count:N0} images of {images.Width}x{images.Height}, {images.ClassCount} classes")
            : FormattableString.Invariant($"{data.Name}, {data.Table!.Count:N0} rows of {data.Table.FeatureCount} features, {data.Table.ClassCount} classes");

    private static void SayHow(DataContent data, IEnumerable<string> notes, Terminal terminal, Terminal talk)
    {
        if (data.Decision.Length > 0)
        {
            talk.Say($"Read:  {data.Decision}");
        }

        foreach (var note in notes)
        {
            terminal.Complain("note", note);
        }
    }

    private static DataContent Limited(DataContent data, int limit) =>
        data.Images is { } images
            ? limit < images.Count ? data.With(images.Take(limit)) : data
            : limit < data.Table!.Count ? new DataContent(data.Table.Select([.. Enumerable.Range(0, limit)], data.Name), data.Decision) { Notes = data.Notes } : data;

    /// <summary>Files that are called as MNIST's and are not MNIST's are somebody's own, which their user may not know.</summary>
    private static void SayNotMnist(string path, DataContent data, Terminal terminal)
    {
        if (data.Images is { IsSynthetic: false } && Directory.Exists(path) && MnistFile.All.Any(file => MnistFolder.Find(path, file) is not null))
        {
            terminal.Complain("note", $"{path}: the files are called as MNIST's are, but none is MNIST's, so these digits are called by their folder's name.");
        }
    }

    private static void CheckPath(string path, string option = "")
    {
        // A dash is standard input, which no folder holds.
        if (path != "-" && !Path.Exists(path))
        {
            throw new DigitException($"{option}{path}: expected a file or folder of labelled data but there is no such file or folder.");
        }
    }

    private void RefuseSynthetic(ParseResult parse, string? path)
    {
        if (path is not null && parse.GetValue(_dataset) == DigitDataOptions.Synthetic)
        {
            throw new DigitException("--dataset synthetic draws its digits; leave out either it or --data.");
        }
    }

    private async Task<DataPair> LoadAsync(ParseResult parse, int trainLimit, int testLimit, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var path = PathOf(parse);
        RefuseSynthetic(parse, path);
        var test = parse.GetValue(_test);
        if (test is not null && (path is null || parse.GetValue(_dataset) == DigitDataOptions.MnistOnly))
        {
            throw new DigitException("--test goes with --data, the data to train on.");
        }

        if (path is not null && (test is not null || !await IsMnistAsync(parse, path, cancellationToken)))
        {
            CheckPath(path);
            if (test is not null)
            {
                CheckPath(test, "--test ");
            }

            var options = _formats.Read(parse, null, talk);
            var pair = await Task.Run(() => DataPair.Read(path, test, options, cancellationToken), cancellationToken);
            SayNotMnist(path, pair.Train, terminal);
            return pair;
        }

        var defaults = new DigitDataOptions();
        var digits = await DigitData.LoadAsync(
            defaults with
            {
                Dataset = parse.GetValue(_dataset) ?? DigitDataOptions.Auto,
                Mnist = new MnistOptions { Folder = path },
                SyntheticTrainCount = Math.Clamp(trainLimit, SmallestSynthetic, defaults.SyntheticTrainCount),
                SyntheticTestCount = Math.Clamp(testLimit, SmallestSynthetic, defaults.SyntheticTestCount),
            },
            new DownloadView(talk),
            cancellationToken);
        if (digits.Notice is { } notice)
        {
            terminal.Complain("note", notice);
        }

        return new DataPair(new DataContent(digits.Train, ""), new DataContent(digits.Test, ""), null, digits.Source);
    }

    // A folder that was named is taken for MNIST only when it is MNIST to the last byte; where it is in part, the rest is damaged.
    private async Task<bool> IsMnistAsync(ParseResult parse, string path, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_dataset) == DigitDataOptions.MnistOnly)
        {
            return true;
        }

        return Directory.Exists(path) && (await Mnist.VerifyAsync(path, cancellationToken)).Any(check => check.Problem is null);
    }

    /// <summary>The path of data that were named; null for MNIST and what stands in for it.</summary>
    /// <exception cref="DigitException">Two paths were named.</exception>
    public string? PathOf(ParseResult parse)
    {
        var (named, bare) = (parse.GetValue(_data), parse.CommandResult.Command.Arguments.Contains(_path) ? parse.GetValue(_path) : null);
        return named is null || bare is null ? named ?? bare : throw new DigitException($"{bare}: the data are --data {named} already; name them once.");
    }

    /// <summary>How CSV files are read.</summary>
    public CsvOptions CsvOf(ParseResult parse) => _formats.CsvOf(parse, null);

    private int Limit(ParseResult parse)
    {
        var limit = parse.GetValue(_limit) ?? int.MaxValue;
        return limit >= 1 ? limit : throw new DigitException($"--limit must be at least 1; got {limit}.");
    }
}

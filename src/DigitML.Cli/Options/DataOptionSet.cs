using System.CommandLine;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Cli.Options;

/// <summary>The options that say which digits to take, the same in every command that needs labelled ones.</summary>
internal sealed class DataOptionSet
{
    // The library draws at least one of each digit.
    private const int SmallestSynthetic = 10;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "A folder with MNIST or with digits of your own laid out as MNIST's, or a file of labelled pictures (IDX or CSV). Default: MNIST from where it is usually found, or a download.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _dataset = OptionOf.Word(
        "--dataset",
        "auto takes MNIST, else synthetic digits; mnist takes MNIST or fails; synthetic draws digits.",
        DigitDataOptions.Auto,
        DigitDataOptions.MnistOnly,
        DigitDataOptions.Synthetic);

    private readonly Option<int?> _limit = OptionOf.Number<int>("--limit", "Take the first N pictures only.");

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "With --data IMAGES.idx: the IDX file of its labels. Default: the file of that name beside it.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _test = new("--test")
    {
        Description = "With --data FILE: the file to test on. Default: every sixth picture of each class of that file, held out.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command that takes digits to train and to test on.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_test);
        command.Options.Add(_dataset);
        command.Options.Add(_limit);
    }

    /// <summary>Adds the options to a command that takes digits to test on alone.</summary>
    public void AddForTestTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_labels);
        command.Options.Add(_dataset);
        command.Options.Add(_limit);
    }

    /// <summary>Loads what is trained and tested on, and says what that is.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="terminal">Where a fallback is told, whatever else is hushed.</param>
    /// <param name="talk">Where the rest is told.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="DigitException">There is nothing to load, or it is not what it should be.</exception>
    public async Task<(LabelledImages Train, LabelledImages Test)> LoadAsync(ParseResult parse, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var limit = Limit(parse);
        var digits = await LoadAsync(parse, limit, int.MaxValue, terminal, talk, cancellationToken);
        var train = digits.Train.Take(Math.Min(limit, digits.Train.Count));
        talk.Say($"Train: {Describe(train)}");
        talk.Say($"Test:  {Describe(digits.Test)}");
        return (train, digits.Test);
    }

    /// <summary>Loads what is tested on, and says what that is.</summary>
    /// <inheritdoc cref="LoadAsync(ParseResult, Terminal, Terminal, CancellationToken)"/>
    public async Task<LabelledImages> LoadTestAsync(ParseResult parse, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var limit = Limit(parse);
        var images = parse.GetValue(_data) is { } path && !Directory.Exists(path)
            ? DigitFile.Read(path, parse.GetValue(_labels))
            : (await LoadAsync(parse, trainLimit: 0, limit, terminal, talk, cancellationToken)).Test;
        images = images.Take(Math.Min(limit, images.Count));
        talk.Say($"Data:  {Describe(images)}");
        return images;
    }

    private async Task<DigitData> LoadAsync(ParseResult parse, int trainLimit, int testLimit, Terminal terminal, Terminal talk, CancellationToken cancellationToken)
    {
        var path = parse.GetValue(_data);
        var dataset = parse.GetValue(_dataset) ?? DigitDataOptions.Auto;
        var defaults = new DigitDataOptions();
        var options = defaults with
        {
            Dataset = dataset,
            Mnist = new MnistOptions { Folder = path },
            SyntheticTrainCount = Math.Clamp(trainLimit, SmallestSynthetic, defaults.SyntheticTrainCount),
            SyntheticTestCount = Math.Clamp(testLimit, SmallestSynthetic, defaults.SyntheticTestCount),
        };
        if (path is not null && dataset == DigitDataOptions.Synthetic)
        {
            throw new DigitException("--dataset synthetic draws its digits; leave out either it or --data.");
        }

        var test = parse.GetValue(_test);
        if (test is not null && (path is null || Directory.Exists(path) || dataset != DigitDataOptions.Auto))
        {
            throw new DigitException("--test goes with --data FILE; a folder brings its own test digits.");
        }

        if (path is not null && dataset == DigitDataOptions.Auto)
        {
            options = options with { TestPath = test };
            return await LoadOwnAsync(path, options, terminal, cancellationToken);
        }

        var digits = await DigitData.LoadAsync(options, new DownloadView(talk), cancellationToken);
        if (digits.Notice is { } notice)
        {
            terminal.Complain("note", notice);
        }

        return digits;
    }

    // A folder that was named is taken for MNIST only when it is MNIST to the last byte; where it is in part, the rest is damaged.
    private static async Task<DigitData> LoadOwnAsync(string path, DigitDataOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        var own = options with { Dataset = path };
        if (!Directory.Exists(path))
        {
            return await DigitData.LoadAsync(own, progress: null, cancellationToken);
        }

        try
        {
            return await DigitData.LoadAsync(options, progress: null, cancellationToken);
        }
        catch (DigitException error)
        {
            if ((await Mnist.VerifyAsync(path, cancellationToken)).Any(check => check.Problem is null))
            {
                throw;
            }

            var digits = await DigitData.LoadAsync(own, progress: null, cancellationToken);
            if (!digits.IsSynthetic)
            {
                terminal.Complain("note", $"{error.Message} So these digits are called by their folder's name.");
            }

            return digits;
        }
    }

    private static string Describe(LabelledImages images) =>
        FormattableString.Invariant($"{SyntheticDigits.NameOf(images.Name, images.IsSynthetic)}, {images.Count:N0} images of {images.Width}x{images.Height}, {images.ClassCount} classes");

    private int Limit(ParseResult parse)
    {
        var limit = parse.GetValue(_limit) ?? int.MaxValue;
        return limit >= 1 ? limit : throw new DigitException($"--limit must be at least 1; got {limit}.");
    }
}

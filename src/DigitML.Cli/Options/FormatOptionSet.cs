using System.CommandLine;
using DigitML.Cli.Views;
using DigitML.Data;
using DigitML.Imaging.Magick;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli.Options;

/// <summary>The options that say how data files and folders of pictures are read; what is not said is found out, and told.</summary>
internal sealed class FormatOptionSet
{
    private readonly Option<string?> _labelColumn = new("--label-column") { Description = "CSV: the column of the classes, by name or by place from 1; none when there is none. Default: found out.", HelpName = "NAME" };
    private readonly Option<string?> _ignored = new("--ignore-columns") { Description = "CSV: columns to leave out, by name or by place from 1.", HelpName = "NAME,NAME" };
    private readonly Option<string?> _header = OptionOf.Word("--header", "CSV: whether the first line names the columns. Default: found out.", "yes", "no");
    private readonly Option<char?> _separator = OptionOf.Choice<char>("--separator", "CSV: what stands between columns. Default: found out.", ("comma", ','), ("semicolon", ';'), ("tab", '\t'), ("bar", '|'), ("blank", ' '));
    private readonly Option<char?> _decimal = OptionOf.Choice<char>("--decimal", "CSV: what stands before a number's fraction. Default: found out.", ("point", '.'), ("comma", ','));
    private readonly Option<bool> _tabular = new("--tabular") { Description = "CSV: each column is a feature of its own, even where there are as many as a picture has pixels." };
    private readonly Option<string?> _frame = OptionOf.Word("--frame", "Pictures: reader brings each to its size as predict --single sees it, fit scales it whole. Default: the model's; else reader for digits of other sizes.", PictureFrame.ReaderName, PictureFrame.FitName);
    private readonly Option<string?> _size = new("--image-size") { Description = "Pictures: the size that each is brought to, such as 28 or 32x24. Default: the model's; else 28.", HelpName = "WxH" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Pictures: one that cannot be read is an error. Default: it is left out and listed." };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Pictures: decode them all anew, and keep nothing for the next time." };

    private readonly Option<bool> _transpose = new("--transpose") { Description = "Pictures: exchange rows and columns, as EMNIST's need (by their files' names they are turned already)." };
    private readonly Option<bool> _invert = new("--invert") { Description = "Pictures: exchange light and dark." };
    private readonly Option<int?> _offset = OptionOf.Number<int>("--label-offset", "Pictures: add N to every label, such as -1 where they count from 1.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_labelColumn);
        command.Options.Add(_ignored);
        command.Options.Add(_header);
        command.Options.Add(_separator);
        command.Options.Add(_decimal);
        command.Options.Add(_tabular);
        command.Options.Add(_frame);
        command.Options.Add(_size);
        command.Options.Add(_strict);
        command.Options.Add(_noCache);
        command.Options.Add(_transpose);
        command.Options.Add(_invert);
        command.Options.Add(_offset);
    }

    /// <summary>Sets pictures right as the options say.</summary>
    /// <exception cref="DigitException">A label would be none.</exception>
    public DataContent Change(ParseResult parse, DataContent data)
    {
        data = parse.GetValue(_transpose) ? data.Changed(PictureChanges.Transposed) : data;
        data = parse.GetValue(_invert) ? data.Changed(PictureChanges.Inverted) : data;
        return parse.GetValue(_offset) is { } offset ? data.Changed(images => PictureChanges.Renumbered(images, offset)) : data;
    }

    /// <summary>What the options say, and what a model that is to be asked says.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="model">The model that the data are for; null where they train one.</param>
    /// <param name="talk">Where progress is shown.</param>
    /// <exception cref="DigitException">An option is out of its range.</exception>
    public DataFileOptions Read(ParseResult parse, Mlp? model, Terminal talk)
    {
        var (width, height) = SizeOf(parse, model);
        var csv = CsvOf(parse, model);
        var (stated, learnt) = (parse.GetValue(_frame), model?.Metadata.GetValueOrDefault(Mlp.FrameEntry));
        var fits = stated == PictureFrame.FitName;

        // Whether dark is ink is the model's to know; where it does not, or there is none yet, the pictures show.
        var frame = fits && (learnt is null || !PictureFrame.IsFit(learnt, out _)) ? null : PictureClassifier.FrameOf(fits ? learnt : stated ?? learnt, width, height);
        return new DataFileOptions
        {
            Csv = csv,
            Progress = new PictureProgressView(talk),
            Pictures = new ImageFolderOptions
            {
                Width = width,
                Height = height,
                Frame = frame,
                FrameOfDigits = frame is null && !fits && width == ReaderFrame.Side && height == ReaderFrame.Side ? new ReaderFrame() : null,
                ClassNames = model is null ? null : [.. Enumerable.Range(0, model.ClassCount).Select(model.NameOf)],
                IsStrict = parse.GetValue(_strict),
                Decoders = MagickDecoders.All,
                CacheFolder = parse.GetValue(_noCache) ? null : CacheFolder.Of("pictures"),
            },
        };
    }

    /// <summary>What the options say of CSV files, and what a model that is to be asked says.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="model">The model that the data are for; null where they train one.</param>
    /// <exception cref="DigitException">An option is out of its range.</exception>
    public CsvOptions CsvOf(ParseResult parse, Mlp? model)
    {
        var (width, height) = SizeOf(parse, model);
        var csv = new CsvOptions
        {
            LabelColumn = parse.GetValue(_labelColumn),
            IgnoredColumns = parse.GetValue(_ignored)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            FeatureColumns = model?.FeatureNames ?? [],
            HasHeader = parse.GetValue(_header) is { } header ? header == "yes" : null,
            Separator = parse.GetValue(_separator),
            DecimalSeparator = parse.GetValue(_decimal),
            IsTable = parse.GetValue(_tabular) || (model is not null && ModelInput.AsksForTables(model)) ? true : null,
            Width = width,
            Height = height,
        };
        try
        {
            csv.Validate();
            return csv;
        }
        catch (ArgumentException error)
        {
            throw new DigitException(OptionOf.AsTyped(error.Message, [(nameof(CsvOptions.Separator), _separator), (nameof(CsvOptions.DecimalSeparator), _decimal)]), error);
        }
    }

    private (int Width, int Height) SizeOf(ParseResult parse, Mlp? model) => parse.GetValue(_size) is { } size ? ParseSize(size) : PictureClassifier.SizeOf(model);

    private static (int Width, int Height) ParseSize(string text) =>
        PictureClassifier.TryParseSize(text.Contains('x') ? text : $"{text}x{text}", out var width, out var height)
            ? (width, height)
            : throw new DigitException($"--image-size must be pixels, such as 28 or 32x24, each 1 to 1024; got '{text}'.");
}

using DigitML.Cli.Options;
using DigitML.Data;
using DigitML.Imaging.Magick;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli.Commands;

/// <summary>
/// Says which class each whole picture is of, for models of other things than digits, or of digits whose pictures were scaled whole: the
/// picture is brought to the model's size as those were that it learnt from.
/// </summary>
/// <param name="terminal">Where results go.</param>
/// <param name="model">The network that is asked.</param>
internal sealed class PictureClassifier(Terminal terminal, Mlp model)
{
    /// <summary>One line of JSON a picture, and nothing else.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a model's pictures are classified whole rather than searched for digits.</summary>
    public static bool IsFor(Mlp model) =>
        model.ClassNames.Count > 0
        || model.ClassCount != 10
        || model.InputCount != ReaderFrame.Side * ReaderFrame.Side
        || (model.Metadata.TryGetValue(Mlp.FrameEntry, out var frame) && PictureFrame.IsFit(frame, out _));

    /// <summary>Classifies pictures.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="cancellationToken">Stops after the running picture.</param>
    /// <returns>How many could not be read.</returns>
    public int Read(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        if (model.FeatureNormalization is not null)
        {
            throw new DigitException($"{files[0]}: the model takes rows of {model.InputCount} features, not pictures. Give it a CSV file.");
        }

        var (width, height) = FormatOptionSet.SizeOf(model);
        if (width * height != model.InputCount)
        {
            throw new DigitException($"The model takes {model.InputCount} values, which is no picture whose size is known.");
        }

        var frame = FormatOptionSet.FrameOf(model.Metadata.GetValueOrDefault(Mlp.FrameEntry), width, height);
        if (!Json)
        {
            terminal.SayMarkup("[bold]class        probability   runner-up              file[/]");
        }

        var failures = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            failures += ReadOne(file, frame, width, height) ? 0 : 1;
        }

        return failures;
    }

    private bool ReadOne(string file, PictureFrame? frame, int width, int height)
    {
        try
        {
            var options = new ImageFolderOptions { Width = width, Height = height, Frame = frame, Decoders = MagickDecoders.All };
            var bytes = BoundedFile.Read(file, options.Limits.MaximumFileBytes, "a picture");
            var set = PictureSet.Read([file], _ => bytes, options, null, CancellationToken.None);
            if (set.Unread is [var unread, ..])
            {
                throw new DigitException($"{unread.File}: {unread.Reason}");
            }

            Say(file, model.Predict(set.Pixels));
            return true;
        }
        catch (DigitException error)
        {
            if (Json)
            {
                terminal.Output.WriteLine(new ReadingErrorDocument(file, Terminal.OneLine(error.Message)).ToJson());
            }

            terminal.Complain("error", error.Message);
            return false;
        }
    }

    private void Say(string file, Prediction prediction)
    {
        var found = ClassDocument.Of(file, null, model, prediction);
        if (Json)
        {
            terminal.Output.WriteLine(found.ToJson());
            return;
        }

        terminal.Say($"{found.Class,-12} {Percent.Format(found.Probability),11}   {$"{found.RunnerUp} ({Percent.Format(found.RunnerUpProbability)})",-22} {file}");
    }
}

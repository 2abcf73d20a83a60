using DigitML.Imaging.Magick;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Cli.Commands;

/// <summary>
/// Says which class each whole picture is of, as <see cref="PictureClassifier"/> does, in a table or in JSON.
/// </summary>
/// <param name="terminal">Where results go.</param>
/// <param name="model">The network that is asked.</param>
internal sealed class PictureClasses(Terminal terminal, Mlp model)
{
    /// <summary>One line of JSON a picture, and nothing else.</summary>
    public bool Json { get; init; }

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

        var classifier = new PictureClassifier(model, MagickDecoders.All);
        if (!Json)
        {
            terminal.SayMarkup("[bold]class        probability   runner-up              file[/]");
        }

        var failures = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            failures += ReadOne(file, classifier) ? 0 : 1;
        }

        return failures;
    }

    private bool ReadOne(string file, PictureClassifier classifier)
    {
        try
        {
            Say(file, classifier.Classify(file));
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

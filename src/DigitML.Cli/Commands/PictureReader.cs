using System.Diagnostics;
using DigitML.Cli.Views;
using DigitML.Imaging;
using DigitML.Imaging.Magick;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Cli.Commands;

/// <summary>Reads picture files one after the other for <c>predict</c>; one that fails says so and the others go on.</summary>
/// <param name="terminal">Where results go.</param>
/// <param name="model">The network that is asked.</param>
internal sealed class PictureReader(Terminal terminal, Mlp model)
{
    /// <summary>The picture holds one digit, and all its ink belongs to it.</summary>
    public bool Single { get; init; }

    /// <summary>Whether pictures may show ruled lines and boxes.</summary>
    public bool HasLines { get; init; } = true;

    /// <summary>The form of every line's text, as <see cref="ReaderOptions.Pattern"/> has it; null for any number of digits.</summary>
    public string? Pattern { get; init; }

    /// <summary>One line of JSON a picture, and nothing else.</summary>
    public bool Json { get; init; }

    /// <summary>Whether what the network saw is drawn.</summary>
    public bool Show { get; init; }

    /// <summary>Where the pictures between go; null for nowhere.</summary>
    public string? StepsFolder { get; init; }

    /// <summary>Reads pictures.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="cancellationToken">Stops after the running picture.</param>
    /// <returns>How many could not be read.</returns>
    public int Read(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        if (StepsFolder is not null)
        {
            OutputFolder.Check(StepsFolder, "--steps");
        }

        var reader = NewReader();
        var failures = 0;
        var clock = Stopwatch.StartNew();
        if (!Json)
        {
            terminal.SayMarkup($"[bold]{ReadingView.Heading}[/]");
        }

        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Count > 1 && !Json)
            {
                terminal.Status(Progress(i, files.Count, clock.Elapsed));
            }

            failures += ReadOne(reader, files[i]) ? 0 : 1;
        }

        terminal.ClearStatus();
        if (files.Count > 1 && !Json)
        {
            terminal.Say(FormattableString.Invariant($"{files.Count - failures} of {files.Count} pictures read in {clock.Elapsed.TotalSeconds:F1} s."));
        }

        return failures;
    }

    private DigitReader NewReader()
    {
        try
        {
            return new DigitReader(model, new ReaderOptions { HasLines = HasLines, KeepSteps = StepsFolder is not null, Pattern = Pattern, Decoders = MagickDecoders.All });
        }
        catch (ArgumentException error)
        {
            throw new DigitException(error.Message, error);
        }
    }

    private bool ReadOne(DigitReader reader, string file)
    {
        try
        {
            var reading = reader.Read(file, Single);
            if (Json)
            {
                terminal.Output.WriteLine(reading.ToJson(file));
            }
            else
            {
                terminal.Say(ReadingView.Line(file, reading));
                if (Show)
                {
                    ReadingView.Show(terminal, reading);
                }
            }

            WriteSteps(file, reading);
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

    private void WriteSteps(string file, ReadingResult reading)
    {
        if (StepsFolder is null)
        {
            return;
        }

        // Pictures of the same name in different folders keep apart by their folder's name.
        var full = Path.GetFullPath(file);
        var folder = Path.Combine(StepsFolder, $"{Path.GetFileName(Path.GetDirectoryName(full))}-{Path.GetFileName(full)}");
        Directory.CreateDirectory(folder);
        for (var i = 0; i < reading.Steps.Count; i++)
        {
            Write(Invariant($"{i:D2}-{reading.Steps[i].Name}.png"), reading.Steps[i].Picture);
        }

        for (var i = 0; i < reading.Digits.Count; i++)
        {
            Write(Invariant($"digit-{i:D2}-{reading.Digits[i].Digit}.png"), reading.Digits[i].Image);
        }

        void Write(string name, GreyImage picture)
        {
            AtomicFile.Write(Path.Combine(folder, name), PngEncoder.Encode(picture));
        }
    }

    private static string Progress(int done, int count, TimeSpan elapsed)
    {
        const int Cells = 20;
        var filled = done * Cells / count;
        return FormattableString.Invariant($"{new string('#', filled)}{new string('.', Cells - filled)} {done}/{count}, {done / Math.Max(0.001, elapsed.TotalSeconds):F0} pictures/s");
    }
}

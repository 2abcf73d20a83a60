using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using Spectre.Console;

namespace DigitML.Cli.Views;

/// <summary>Pictures with what the model says of them: drawn where somebody is watching, a line each elsewhere.</summary>
internal static class SampleView
{
    private const int MostPerRow = 5;

    /// <summary>Picks pictures by a seed, in the order they lie in.</summary>
    /// <param name="images">Where from.</param>
    /// <param name="count">How many, at most all.</param>
    /// <param name="seed">The same seed picks the same pictures.</param>
    public static int[] Pick(LabelledImages images, int count, int seed)
    {
        var indices = Enumerable.Range(0, images.Count).ToArray();
        new Random(seed).Shuffle(indices);
        return [.. indices.Take(count).Order()];
    }

    /// <summary>Shows pictures.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="model">Whose predictions.</param>
    /// <param name="images">Labelled pictures of the model's size.</param>
    /// <param name="indices">Which of them.</param>
    public static void Show(Terminal terminal, Mlp model, LabelledImages images, IReadOnlyList<int> indices)
    {
        var predictions = indices.Select(index => (Index: index, Label: images.Label(index), Prediction: model.Predict(images.Image(index)))).ToArray();
        if (!terminal.IsLive)
        {
            foreach (var (index, label, prediction) in predictions)
            {
                terminal.Say(Invariant($"  image {index,5}: {Caption(model, label, prediction)}"));
            }

            return;
        }

        // Whole pictures where five of them fit side by side, halved ones in a common terminal.
        var shrink = terminal.Screen.Profile.Width >= MostPerRow * (images.Width + 2) ? 1 : 2;
        var perRow = Math.Clamp(terminal.Screen.Profile.Width / (images.Width / shrink + 2), 1, MostPerRow);
        foreach (var row in predictions.Chunk(perRow))
        {
            var grid = new Grid();
            foreach (var _ in row)
            {
                grid.AddColumn(new GridColumn { Width = Math.Max(1, images.Width / shrink), NoWrap = true, Padding = new Padding(1, 0, 1, 0) });
            }

            grid.AddRow([.. row.Select(sample => DigitDrawing.Draw(images.Image(sample.Index), images.Width, shrink, terminal))]);
            grid.AddRow([.. row.Select(sample => new Markup($"[{(sample.Label == sample.Prediction.PredictedLabel ? "green" : "red")}]{Markup.Escape(Caption(model, sample.Label, sample.Prediction))}[/]"))]);
            terminal.Screen.Write(grid);
        }
    }

    private static string Caption(Mlp model, int label, Prediction prediction) => label == prediction.PredictedLabel
        ? FormattableString.Invariant($"{model.NameOf(label)} ({Percent.Sureness(prediction.Probability)})")
        : FormattableString.Invariant($"{model.NameOf(label)} as {model.NameOf(prediction.PredictedLabel)}, {Percent.Sureness(prediction.Probability)}");
}

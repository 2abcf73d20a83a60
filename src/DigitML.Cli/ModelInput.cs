using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Cli;

/// <summary>Brings data into the form that a model takes: classes by its names; a table's columns are put in its order where they are read.</summary>
internal static class ModelInput
{
    /// <summary>Fits data to a model.</summary>
    /// <param name="data">Pictures or a table.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="DigitException">The model takes something else; says what is missing.</exception>
    public static DataContent Fit(DataContent data, Mlp model)
    {
        if (data.Images is { } images)
        {
            if (images.ClassNames.Count > 0)
            {
                return data.With(Relabel(images, model));
            }

            return images.HasLabels && images.ClassCount == model.ClassCount + 1 && !images.Labels.Contains((byte)0)
                ? throw new DigitException(FormattableString.Invariant($"{data.Name}: expected labels 0 to {model.ClassCount - 1}, the model's classes, but found 1 to {model.ClassCount}. If they count from 1, add --label-offset -1."))
                : data;
        }

        var table = data.Table!;
        if (!TakesRows(model))
        {
            throw new DigitException(FormattableString.Invariant($"{data.Name}: is a table of {table.FeatureCount} features, and the model takes pictures of {model.InputCount} pixels. Name a model that was trained on such a table with --model."));
        }

        if (table.HasLabels && model.ClassNames.Count > 0)
        {
            table = DataPair.Relabel(table, model.ClassNames);
        }

        return new DataContent(table, data.Decision) { Notes = data.Notes };
    }

    /// <summary>Whether a model was trained on a table.</summary>
    /// <remarks>One of whole numbers from 0 to 255 is learnt as pictures are, without a normalisation of its own; what tells its model is that it names no size.</remarks>
    private static bool TakesRows(Mlp model) => model.FeatureNormalization is not null || (model.Metadata.GetValueOrDefault("producer") == "DigitML" && !model.Metadata.ContainsKey("imageSize"));

    /// <summary>Whether what a model is asked about is a table for certain.</summary>
    /// <remarks>Without names of columns a model of whole numbers may be of pictures that came as rows, from ML.NET; what the file looks like decides.</remarks>
    public static bool AsksForTables(Mlp model) => TakesRows(model) && (model.FeatureNormalization is not null || model.FeatureNames.Count > 0);

    private static LabelledImages Relabel(LabelledImages images, Mlp model)
    {
        var names = Enumerable.Range(0, model.ClassCount).Select(model.NameOf).ToList();
        var place = images.ClassNames.Select(name => names.IndexOf(name)).ToArray();
        var stranger = Array.IndexOf(place, -1);
        if (stranger >= 0)
        {
            throw new DigitException($"{images.Name}: expected classes {ImageFolder.ListOf(names)}, the model's, but found '{images.ClassNames[stranger]}'.");
        }

        return new LabelledImages(images.Name, images.Width, images.Height, images.PixelMemory, Array.ConvertAll(images.Labels.ToArray(), label => (byte)place[label]), images.IsSynthetic, images.Details with { ClassNames = model.ClassNames });
    }
}

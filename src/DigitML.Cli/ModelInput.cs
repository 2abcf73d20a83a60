using System.Text.Json;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Cli;

/// <summary>Brings data into the form that a model takes: a table's columns in its order, and classes by its names.</summary>
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

        var table = Columns(data.Table!, model);
        if (model.FeatureNormalization is null)
        {
            throw new DigitException(FormattableString.Invariant($"{data.Name}: is a table of {table.FeatureCount} features, and the model takes pictures of {model.InputCount} pixels. Name a model that was trained on such a table with --model."));
        }

        if (table.HasLabels && model.ClassNames.Count > 0)
        {
            table = DataPair.Relabel(table, model.ClassNames);
        }

        return new DataContent(table, data.Decision) { Notes = data.Notes };
    }

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

    /// <summary>The model's columns, found by their names where both have names.</summary>
    private static LabelledFeatures Columns(LabelledFeatures table, Mlp model)
    {
        var names = table.Details.FeatureNames;
        if (names.Count == 0 || !model.Metadata.TryGetValue("featureNames", out var text) || JsonSerializer.Deserialize<string[]>(text) is not { } wanted || wanted.SequenceEqual(names))
        {
            return table;
        }

        var place = wanted.Select(name => names.ToList().IndexOf(name)).ToArray();
        var missing = wanted.Where((_, i) => place[i] < 0).ToArray();
        if (missing.Length > 0)
        {
            // Names that differ throughout, of as many columns, are another spelling rather than other columns.
            return missing.Length == wanted.Length && wanted.Length == names.Count
                ? table
                : throw new DigitException($"{table.Name}: expected the model's columns but found no {ImageFolder.ListOf(missing)}.");
        }

        var builder = new LabelledFeaturesBuilder(table.Name, wanted.Length, table.Details with { FeatureNames = wanted });
        var (row, chosen) = (new float[table.FeatureCount], new float[wanted.Length]);
        for (var i = 0; i < table.Count; i++)
        {
            table.CopyRow(i, row);
            for (var column = 0; column < chosen.Length; column++)
            {
                chosen[column] = row[place[column]];
            }

            builder.Add(chosen, table.HasLabels ? table.Labels[i] : -1);
        }

        return builder.Build();
    }
}

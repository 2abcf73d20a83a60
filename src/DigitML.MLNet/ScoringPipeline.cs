using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet;

/// <summary>
/// A network as a chain of ML.NET's own transforms, which its saving and loading know. The network's ONNX file is a constant of the chain, as
/// base64 text, and two custom mappings of this package, found by their names, do what no transform of ML.NET does.
/// </summary>
/// <remarks>
/// A custom mapping gives vectors of unknown size or single numbers. Evaluation wants the scores in a vector of known size whose slots are
/// named, which <c>Concatenate</c> makes of columns: so each class's probability is a column of its own for a while, called like the class.
/// </remarks>
internal static class ScoringPipeline
{
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";
    private const string Saved = "DigitML.Saved.";

    // What is computed is the same with any of them; the transforms of a chain need one to be made in.
    private static readonly MLContext s_context = new(seed: 0);

    /// <summary>The chain around a network.</summary>
    /// <param name="model">The network's file.</param>
    /// <param name="featureColumn">Where features come from.</param>
    /// <param name="classes">The label's values.</param>
    /// <param name="taken">Columns that are there already; those called like a class are set aside and brought back.</param>
    public static EstimatorChain<ITransformer> Of(byte[] model, string featureColumn, ClassValues classes, IEnumerable<string> taken)
    {
        var transforms = s_context.Transforms;
        var names = SlotNames(classes.Names);
        var aside = names.Intersect(taken).ToArray();
        EstimatorChain<ITransformer> chain = new();
        foreach (var name in aside)
        {
            chain = chain.Append<ITransformer>(transforms.CopyColumns(Saved + name, name));
        }

        chain = chain
            .Append<ITransformer>(transforms.CopyColumns(MlpColumns.Features, featureColumn))
            .Append<ITransformer>(transforms.CustomMapping(new ConstantMapping().GetMapping(), ConstantMapping.Contract))
            .Append(transforms.Conversion.MapValue(MlpColumns.Model, [new KeyValuePair<uint, string>(1, Convert.ToBase64String(model))], MlpColumns.Constant))
            .Append<ITransformer>(transforms.CustomMapping(new ScoreMapping().GetMapping(), ScoreMapping.Contract));
        for (var first = 0; first < names.Length; first += ScorePart.Width)
        {
            chain = chain
                .Append(transforms.Conversion.MapValue(MlpColumns.FirstClass, [new KeyValuePair<uint, uint>(1, (uint)first)], MlpColumns.Constant))
                .Append<ITransformer>(transforms.CustomMapping(new ScorePartMapping().GetMapping(), ScorePartMapping.Contract));
            foreach (var (name, part) in names.Skip(first).Zip(MlpColumns.Parts))
            {
                chain = chain.Append<ITransformer>(transforms.CopyColumns(name, part));
            }
        }

        chain = chain.Append<ITransformer>(transforms.Concatenate(Score, names));
        chain = classes.AppendPredictedLabel(chain, s_context, PredictedLabel, MlpColumns.Place)
            .Append<ITransformer>(transforms.DropColumns([.. names, MlpColumns.Features, MlpColumns.Constant, MlpColumns.Model, MlpColumns.Scores, MlpColumns.Place, MlpColumns.FirstClass, .. MlpColumns.Parts]));
        foreach (var name in aside)
        {
            chain = chain
                .Append(transforms.CopyColumns(name, Saved + name))
                .Append<ITransformer>(transforms.DropColumns(Saved + name));
        }

        return chain;
    }

    /// <summary>A chain that only says which columns there will be.</summary>
    public static EstimatorChain<ITransformer> ForSchema(string featureColumn) => Of([], featureColumn, ClassValues.OfText("0", "1"), []);

    /// <summary>Names that can be columns: none is empty, none like the two that the chain gives.</summary>
    private static string[] SlotNames(string[] names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Score, PredictedLabel };
        return [.. names.Select(name =>
        {
            var unique = name.Length == 0 ? "(empty)" : name;
            while (!seen.Add(unique))
            {
                unique += ".";
            }

            return unique;
        })];
    }
}

/// <summary>Names of the columns that are there while the chain runs.</summary>
internal static class MlpColumns
{
    public const string Features = "DigitML.Features";
    public const string Constant = "DigitML.Constant";
    public const string Model = "DigitML.Model";
    public const string Scores = "DigitML.Scores";
    public const string Place = "DigitML.Place";
    public const string FirstClass = "DigitML.FirstClass";

    /// <summary>The columns of a <see cref="ScorePart"/>.</summary>
    public static string[] Parts { get; } = [.. Enumerable.Range(0, ScorePart.Width).Select(i => Invariant($"DigitML.Part{i:00}"))];
}

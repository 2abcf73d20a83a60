using DigitML.Models;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace DigitML.MLNet;

/// <summary>What the mapping to a constant reads: nothing.</summary>
internal sealed class ConstantInput;

/// <summary>The number 1, from which values that never change are mapped.</summary>
internal sealed class ConstantOutput
{
    [ColumnName(MlpColumns.Constant)]
    public uint Constant { get; set; }
}

/// <summary>A network's file and a row of features.</summary>
internal sealed class ScoreInput
{
    [ColumnName(MlpColumns.Features)]
    public VBuffer<float> Features { get; set; }

    [ColumnName(MlpColumns.Model)]
    public ReadOnlyMemory<char> Model { get; set; }
}

/// <summary>Probabilities, and the place of the largest; a place that no class has when a feature is missing.</summary>
internal sealed class ScoreOutput
{
    [ColumnName(MlpColumns.Scores)]
    public VBuffer<float> Scores { get; set; }

    [ColumnName(MlpColumns.Place)]
    public uint Place { get; set; }
}

/// <summary>Probabilities, and from which class on they are wanted.</summary>
internal sealed class ScorePartInput
{
    [ColumnName(MlpColumns.Scores)]
    public VBuffer<float> Scores { get; set; }

    [ColumnName(MlpColumns.FirstClass)]
    public uint FirstClass { get; set; }
}

/// <summary>The probabilities of sixteen classes, each by itself.</summary>
internal sealed class ScorePart
{
    public const int Width = 16;

    [ColumnName("DigitML.Part00")]
    public float Part00 { get; set; }

    [ColumnName("DigitML.Part01")]
    public float Part01 { get; set; }

    [ColumnName("DigitML.Part02")]
    public float Part02 { get; set; }

    [ColumnName("DigitML.Part03")]
    public float Part03 { get; set; }

    [ColumnName("DigitML.Part04")]
    public float Part04 { get; set; }

    [ColumnName("DigitML.Part05")]
    public float Part05 { get; set; }

    [ColumnName("DigitML.Part06")]
    public float Part06 { get; set; }

    [ColumnName("DigitML.Part07")]
    public float Part07 { get; set; }

    [ColumnName("DigitML.Part08")]
    public float Part08 { get; set; }

    [ColumnName("DigitML.Part09")]
    public float Part09 { get; set; }

    [ColumnName("DigitML.Part10")]
    public float Part10 { get; set; }

    [ColumnName("DigitML.Part11")]
    public float Part11 { get; set; }

    [ColumnName("DigitML.Part12")]
    public float Part12 { get; set; }

    [ColumnName("DigitML.Part13")]
    public float Part13 { get; set; }

    [ColumnName("DigitML.Part14")]
    public float Part14 { get; set; }

    [ColumnName("DigitML.Part15")]
    public float Part15 { get; set; }
}

/// <summary>Gives 1.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ConstantMapping : CustomMappingFactory<ConstantInput, ConstantOutput>
{
    public const string Contract = "DigitML.Constant.1";

    public override Action<ConstantInput, ConstantOutput> GetMapping() => (_, output) => output.Constant = 1;
}

/// <summary>Predicts a row.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ScoreMapping : CustomMappingFactory<ScoreInput, ScoreOutput>
{
    public const string Contract = "DigitML.Score.1";

    public override Action<ScoreInput, ScoreOutput> GetMapping()
    {
        Loaded? loaded = null;
        return (input, output) =>
        {
            // The text is a constant of the chain: the same characters at the same place for every row. Threads may meet here; whoever
            // comes second decodes once more, and nothing else happens.
            var current = Volatile.Read(ref loaded);
            if (current is null || !current.Text.Equals(input.Model))
            {
                current = new Loaded(input.Model, Mlp.Load(Convert.FromBase64String(input.Model.ToString())));
                Volatile.Write(ref loaded, current);
            }

            var model = current.Model;
            if (input.Features.Length != model.InputCount)
            {
                throw new ArgumentException(Invariant($"The model takes {model.InputCount} features a row but the feature column has {input.Features.Length}."));
            }

            var scores = output.Scores;
            var editor = VBufferEditor.Create(ref scores, model.ClassCount);
            if (input.Features.IsDense)
            {
                model.Predict(input.Features.GetValues(), editor.Values);
            }
            else
            {
                var dense = new float[model.InputCount];
                input.Features.CopyTo(dense);
                model.Predict(dense, editor.Values);
            }

            var best = 0;
            for (var c = 1; c < editor.Values.Length; c++)
            {
                best = editor.Values[c] > editor.Values[best] ? c : best;
            }

            output.Place = float.IsNaN(editor.Values[0]) ? uint.MaxValue : (uint)best;
            output.Scores = editor.Commit();
        };
    }

    private sealed record Loaded(ReadOnlyMemory<char> Text, Mlp Model);
}

/// <summary>Takes a vector of probabilities apart.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ScorePartMapping : CustomMappingFactory<ScorePartInput, ScorePart>
{
    public const string Contract = "DigitML.ScorePart.1";

    public override Action<ScorePartInput, ScorePart> GetMapping() => Take;

    private static void Take(ScorePartInput input, ScorePart part)
    {
        var scores = input.Scores.GetValues();
        var first = (int)input.FirstClass;
        part.Part00 = At(scores, first + 0);
        part.Part01 = At(scores, first + 1);
        part.Part02 = At(scores, first + 2);
        part.Part03 = At(scores, first + 3);
        part.Part04 = At(scores, first + 4);
        part.Part05 = At(scores, first + 5);
        part.Part06 = At(scores, first + 6);
        part.Part07 = At(scores, first + 7);
        part.Part08 = At(scores, first + 8);
        part.Part09 = At(scores, first + 9);
        part.Part10 = At(scores, first + 10);
        part.Part11 = At(scores, first + 11);
        part.Part12 = At(scores, first + 12);
        part.Part13 = At(scores, first + 13);
        part.Part14 = At(scores, first + 14);
        part.Part15 = At(scores, first + 15);

        static float At(ReadOnlySpan<float> scores, int place) => place < scores.Length ? scores[place] : float.NaN;
    }
}

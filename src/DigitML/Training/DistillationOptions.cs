using DigitML.IO;

namespace DigitML.Training;

/// <summary>
/// How a network learns from another's answers (knowledge distillation; Hinton, Vinyals and Dean 2015): beside the cross-entropy with the labels
/// it has that of its probabilities with the teacher's, both softened by a temperature. <see cref="MlpTrainer.Teacher"/> answers to every training
/// image as it is changed for the epoch; images of no class are left to their own target.
/// </summary>
public sealed record DistillationOptions
{
    /// <summary>Share of the loss that the teacher's answers have; the labels have the rest.</summary>
    /// <value>0.5. Above 0, at most 1.</value>
    public float Share { get; init; } = 0.5f;

    /// <summary>What the logits of both are divided by before softmax; the loss is multiplied by its square, so that gradients keep their size (section 2 of the paper).</summary>
    /// <value>2. 1 to 100.</value>
    public float Temperature { get; init; } = 2;

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        if (!(Share is > 0 and <= 1))
        {
            throw new ArgumentException(Invariant($"Distillation.{nameof(Share)} must be above 0 and at most 1; got {Share}."));
        }

        if (!(Temperature is >= 1 and <= 100))
        {
            throw new ArgumentException(Invariant($"Distillation.{nameof(Temperature)} must be 1 to 100; got {Temperature}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DistillationOptions), PrintMembers);
}

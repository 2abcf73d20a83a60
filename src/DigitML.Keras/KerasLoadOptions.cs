using DigitML.IO;
using DigitML.Models;

namespace DigitML.Keras;

/// <summary>How a Keras file is read.</summary>
public sealed record KerasLoadOptions
{
    /// <summary>What is done to pixel values 0 to 255 before they enter the model.</summary>
    /// <value>
    /// Null, which decides by the model. One whose own layers (Rescaling, Normalization, BatchNormalization) shrink their input tenfold or
    /// more, or subtract a mean beyond 1.5, takes pixel values as they are. Any other was trained on values in [0, 1], as Keras's examples
    /// make them, and is given pixel / 255. Set it for a model that was trained otherwise: <c>new PixelNormalization(1, 0, 1)</c> for one
    /// that takes 0 to 255 without a layer that scales them.
    /// </value>
    public PixelNormalization? Normalization { get; init; }

    /// <summary>Whether the model takes the features of a table, as they are, rather than pixel values.</summary>
    /// <value>false.</value>
    public bool TakesFeatures { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(KerasLoadOptions), PrintMembers);
}

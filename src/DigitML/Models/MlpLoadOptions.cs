namespace DigitML.Models;

/// <summary>How a model file is read that another program wrote.</summary>
public sealed record MlpLoadOptions
{
    /// <summary>What is done to pixel values 0 to 255 before they enter the file's graph.</summary>
    /// <value>
    /// Null, which decides by the graph. One that DigitML wrote, or whose own arithmetic shrinks its input tenfold
    /// or more (a division by 255, say), takes pixel values as they are. Any other was trained on values in [0, 1],
    /// as PyTorch's <c>ToTensor</c> and Keras's examples make them, and is given pixel / 255. Set it for a model
    /// whose training normalised otherwise and left that out of its graph:
    /// <c>new PixelNormalization(1 / 255f, 0.1307f, 0.3081f)</c>.
    /// </value>
    public PixelNormalization? Normalization { get; init; }
}

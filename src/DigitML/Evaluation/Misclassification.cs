namespace DigitML.Evaluation;

/// <summary>An image that was taken for another class.</summary>
/// <param name="Index">The image's place in the data, from 0.</param>
/// <param name="Label">Its true class.</param>
/// <param name="Predicted">The class it was taken for.</param>
/// <param name="Probability">The probability given to the predicted class, 0 to 1.</param>
public sealed record Misclassification(int Index, int Label, int Predicted, float Probability);

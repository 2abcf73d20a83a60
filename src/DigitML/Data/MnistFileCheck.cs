namespace DigitML.Data;

/// <summary>What <see cref="Mnist.VerifyAsync"/> found out about one file.</summary>
/// <param name="File">What was looked for.</param>
/// <param name="Path">Where it lies; null when it is not there.</param>
/// <param name="Problem">What is wrong, in one line; null when the content is right to the last byte.</param>
public sealed record MnistFileCheck(MnistFile File, string? Path, string? Problem);

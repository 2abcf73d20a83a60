namespace DigitML.Data.Synthesis;

/// <summary>A place of the pen.</summary>
/// <param name="X">To the right, in units of the digit's height.</param>
/// <param name="Y">Downwards, in the same units.</param>
/// <param name="Pressure">Width of the trace here, as a factor of the pen's.</param>
internal readonly record struct PenPoint(float X, float Y, float Pressure);

namespace DigitML.Models.Onnx;

/// <summary>Constant numbers with their shape, row-major.</summary>
internal readonly record struct NumberArray(float[] Values, long[] Dimensions)
{
    /// <summary>The shape as errors show it.</summary>
    public string Shape => $"[{string.Join(", ", Dimensions)}]";
}

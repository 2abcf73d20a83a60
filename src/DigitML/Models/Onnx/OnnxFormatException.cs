namespace DigitML.Models.Onnx;

/// <summary>What is wrong with an ONNX model, as the end of a line that begins with the file's name.</summary>
internal sealed class OnnxFormatException(string message) : Exception(message);

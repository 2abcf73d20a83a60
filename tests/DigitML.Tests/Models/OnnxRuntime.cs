using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DigitML.Tests.Models;

/// <summary>ONNX Runtime: what every other program makes of a model file.</summary>
internal static class OnnxRuntime
{
    /// <summary>Runs a model on one thread.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="input">Row-major, as the model takes it.</param>
    /// <param name="shape">The input's shape.</param>
    /// <returns>The first output, row-major.</returns>
    public static float[] Run(byte[] model, float[] input, params int[] shape) => Run(model, null, input, shape);

    /// <summary>The same for an output by its name; null for the first.</summary>
    public static float[] Run(byte[] model, string? output, float[] input, params int[] shape)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(input, shape))], [output ?? session.OutputNames[0]]);
        return [.. outputs[0].AsEnumerable<float>()];
    }
}

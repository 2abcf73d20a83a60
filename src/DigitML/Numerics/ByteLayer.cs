namespace DigitML.Numerics;

/// <summary>
/// A dense layer whose weights are bytes: of each output a whole number of steps, −<see cref="MostSteps"/> to <see cref="MostSteps"/>. Its inputs are
/// bytes too, so its sums are whole numbers and the same on every machine, in whatever order they are taken.
/// </summary>
/// <remarks>
/// Panels of 32 outputs as everywhere (see <see cref="Panels"/>), but four inputs lie together: weight (output, input) at
/// <c>(output / 32) · panel + (input / 4) · 128 + output % 32 · 4 + input % 4</c>, which is how the processors' instructions take them.
/// </remarks>
internal sealed unsafe class ByteLayer
{
    /// <summary>
    /// Steps of the largest weight: 7 bits with the sign. With inputs of 8 bits, two products then fit 16 bits, between which AVX2's instruction
    /// adds them; with 127 steps they would not.
    /// </summary>
    public const int MostSteps = 63;

    /// <summary>Inputs at most: sums of 255 · 63 each must fit 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (byte.MaxValue * MostSteps) / GroupInputs * GroupInputs;

    /// <summary>Inputs that lie together.</summary>
    public const int GroupInputs = 4;

    /// <summary>Bytes of a group's weights for all outputs of a panel.</summary>
    public const int GroupBytes = GroupInputs * Panels.Width;

    private readonly ByteBuffer<sbyte> _weights;
    private readonly ByteBuffer<int> _start;
    private readonly PanelBuffer _scale;
    private readonly PanelBuffer _bias;

    /// <summary>Takes weights in.</summary>
    /// <param name="weights">Row-major [outputs, inputs], each a whole number of its output's steps.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="steps">[outputs] the size of a step, above 0.</param>
    /// <param name="inputScale">What a step of the inputs is worth.</param>
    /// <param name="inputZero">The byte that stands for 0.</param>
    public ByteLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> steps, float inputScale, byte inputZero)
    {
        Outputs = bias.Length;
        Inputs = weights.Length / bias.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Inputs, MostInputs, nameof(weights));
        Groups = (Inputs + GroupInputs - 1) / GroupInputs;

        // A group more than there are, or panels would lie a multiple of 4 KiB apart.
        PanelBytes = (Groups + 1) * GroupBytes;
        _weights = new ByteBuffer<sbyte>(checked(Panels.Count(Outputs) * PanelBytes));
        _start = new ByteBuffer<int>(Panels.Padded(Outputs));
        (_scale, _bias) = (new PanelBuffer(Panels.Padded(Outputs)), new PanelBuffer(Panels.Padded(Outputs)));
        bias.CopyTo(_bias.Span);
        for (var output = 0; output < Outputs; output++)
        {
            var sum = 0;
            var target = Weights + ((nint)(output / Panels.Width) * PanelBytes) + (output % Panels.Width * GroupInputs);
            for (var input = 0; input < Inputs; input++)
            {
                var weight = (int)MathF.Round(weights[(output * Inputs) + input] / steps[output]);
                target[((nint)(input / GroupInputs) * GroupBytes) + (input % GroupInputs)] = checked((sbyte)weight);
                sum += weight;
            }

            // What every input has too much, taken off before anything is added.
            Start[output] = -inputZero * sum;
            _scale.Span[output] = steps[output] * inputScale;
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Groups of four inputs, the last filled up with weights of 0.</summary>
    public int Groups { get; }

    /// <summary>Bytes from one panel of <see cref="Weights"/> to the next.</summary>
    public int PanelBytes { get; }

    /// <summary>The weights, in steps.</summary>
    public sbyte* Weights => _weights.Pointer;

    /// <summary>[outputs padded] what sums begin with.</summary>
    public int* Start => _start.Pointer;

    /// <summary>[outputs padded] what a sum is multiplied by to be a number again.</summary>
    public float* Scale => _scale.Pointer;

    /// <summary>[outputs padded] what is added then.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>What follows the layer when it is a hidden one.</summary>
    public UnitFunction Function { get; init; } = UnitFunction.Relu;
}

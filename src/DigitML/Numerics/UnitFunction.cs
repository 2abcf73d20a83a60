namespace DigitML.Numerics;

/// <summary>What a hidden unit does with its sum; the definitions are <see cref="VectorKernels{TVector,TSimd}"/>'s.</summary>
internal enum UnitFunctionKind
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>max(0, x), which the products do as they store.</summary>
    Relu,

    /// <summary>x above 0, else the unit's parameter · x.</summary>
    LeakyRelu,

    /// <summary>x above 0, else the unit's parameter · (exp(x) − 1).</summary>
    Elu,

    /// <summary>x · Φ(x), Φ the normal distribution's.</summary>
    Gelu,

    /// <summary>x · sigmoid(√(8/π) · (x + 0.044715 x³)): GELU's approximation by tanh.</summary>
    GeluTanh,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>1 / (1 + exp(−x)).</summary>
    Sigmoid,

    /// <summary>min(max(0, x), 6).</summary>
    Relu6,
}

/// <summary>A layer's activation as the kernels take it: the function, and a number for each unit.</summary>
internal sealed class UnitFunction
{
    /// <summary>max(0, x).</summary>
    public static UnitFunction Relu { get; } = new(UnitFunctionKind.Relu, 0, []);

    /// <summary>Lays the units' numbers out.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="parameters">One for all, or one for each; empty for a function without.</param>
    public UnitFunction(UnitFunctionKind kind, int units, ReadOnlySpan<float> parameters)
    {
        Kind = kind;
        Parameters = new PanelBuffer(Panels.Padded(units));
        if (parameters.Length == 1)
        {
            Parameters.Span.Fill(parameters[0]);
        }
        else
        {
            parameters.CopyTo(Parameters.Span);
        }
    }

    /// <summary>The function.</summary>
    public UnitFunctionKind Kind { get; }

    /// <summary>[units padded].</summary>
    public PanelBuffer Parameters { get; }

    /// <summary>Whether the products do it as they store.</summary>
    public bool IsRelu => Kind == UnitFunctionKind.Relu;
}

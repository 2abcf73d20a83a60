namespace DigitML.Numerics;

/// <summary>
/// How inputs become the floats that the first layer takes: pixel bytes by a table of 256 values, or any numbers by
/// <c>(x − mean) · scale</c>, feature by feature.
/// </summary>
internal sealed class InputEncoding
{
    /// <summary>By a table.</summary>
    /// <param name="values">[256] the value of each pixel byte.</param>
    /// <param name="isSparse">Whether pixels are mostly zero and the value of 0 is 0, so that the first layer shall read lists of what is not zero.</param>
    public InputEncoding(PanelBuffer values, bool isSparse) => (Values, IsSparse) = (values, isSparse);

    /// <summary>Feature by feature.</summary>
    /// <param name="mean">[features].</param>
    /// <param name="scale">[features].</param>
    public InputEncoding(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        (Mean, Scale) = (new PanelBuffer(Panels.Padded(mean.Length)), new PanelBuffer(Panels.Padded(scale.Length)));
        mean.CopyTo(Mean.Span);
        scale.CopyTo(Scale.Span);
    }

    /// <summary>By the same table with each value times a factor; only where inputs are read as lists.</summary>
    public InputEncoding Scaled(float factor)
    {
        var values = new PanelBuffer(Values!.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values.Span[i] = Values.Span[i] * factor;
        }

        return new InputEncoding(values, IsSparse);
    }

    /// <summary>[256], or null when inputs are encoded feature by feature.</summary>
    public PanelBuffer? Values { get; }

    /// <summary>Whether the first layer reads lists of what is not zero.</summary>
    public bool IsSparse { get; }

    /// <summary>[features padded], or null when inputs are encoded by a table.</summary>
    public PanelBuffer? Mean { get; }

    /// <inheritdoc cref="Mean"/>
    public PanelBuffer? Scale { get; }
}

namespace DigitML.Benchmarks.Micro;

/// <summary>A layer and the batch that goes through it.</summary>
/// <param name="Inputs">Values that come in.</param>
/// <param name="Outputs">Values that go out.</param>
/// <param name="Batch">Pictures.</param>
public sealed record LayerShape(int Inputs, int Outputs, int Batch)
{
    /// <summary>Multiply-adds count as two.</summary>
    public double Operations => 2.0 * Inputs * Outputs * Batch;

    /// <inheritdoc/>
    public override string ToString() => $"{Inputs}-{Outputs}, batch {Batch}";
}

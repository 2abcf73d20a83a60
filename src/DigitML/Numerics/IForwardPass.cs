namespace DigitML.Numerics;

/// <summary>What carries pictures or rows through a network for prediction.</summary>
internal interface IForwardPass
{
    /// <summary>Pictures at most.</summary>
    int Capacity { get; }

    /// <summary>Says how many pictures come.</summary>
    void Begin(int count);

    /// <summary>Takes a picture's bytes in.</summary>
    void Gather(int row, ReadOnlySpan<byte> pixels);

    /// <summary>Takes a row of numbers in.</summary>
    void Gather(int row, ReadOnlySpan<float> features);

    /// <summary>Computes the logits of the pictures taken in.</summary>
    /// <param name="count">How many.</param>
    void Run(int count);

    /// <summary>Copies one picture's logits out.</summary>
    /// <param name="row">The picture.</param>
    /// <param name="logits">[classes].</param>
    void CopyLogits(int row, Span<float> logits);
}

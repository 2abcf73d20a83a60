using System.Numerics.Tensors;

namespace DigitML.Numerics;

/// <summary>Carries pictures through the members of an ensemble, one after the other, and adds their logits.</summary>
internal sealed class EnsemblePass : IForwardPass
{
    private readonly ForwardPass[] _members;
    private readonly float[] _logits;

    /// <summary>Allocates.</summary>
    /// <param name="members">Each member's layers, input first.</param>
    /// <param name="encoding">How inputs become floats.</param>
    /// <param name="capacity">Pictures at most.</param>
    public EnsemblePass(PanelLayer[][] members, InputEncoding encoding, int capacity)
    {
        _members = Array.ConvertAll(members, layers => new ForwardPass(layers, encoding, capacity));
        _logits = new float[members[0][^1].Outputs];
    }

    /// <inheritdoc/>
    public int Capacity => _members[0].Capacity;

    /// <inheritdoc/>
    public void Begin(int count)
    {
        foreach (var member in _members)
        {
            member.Begin(count);
        }
    }

    /// <inheritdoc/>
    public void Gather(int row, ReadOnlySpan<byte> pixels)
    {
        foreach (var member in _members)
        {
            member.Gather(row, pixels);
        }
    }

    /// <inheritdoc/>
    public void Gather(int row, ReadOnlySpan<float> features)
    {
        foreach (var member in _members)
        {
            member.Gather(row, features);
        }
    }

    /// <inheritdoc/>
    public void Run(int count)
    {
        foreach (var member in _members)
        {
            member.Run(count);
        }
    }

    /// <inheritdoc/>
    public void CopyLogits(int row, Span<float> logits)
    {
        _members[0].CopyLogits(row, logits);
        foreach (var member in _members.AsSpan(1))
        {
            member.CopyLogits(row, _logits);
            TensorPrimitives.Add<float>(logits, _logits, logits);
        }
    }
}

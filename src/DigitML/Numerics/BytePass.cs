namespace DigitML.Numerics;

/// <summary>
/// Carries up to a fixed number of pictures through a network of bytes on one thread: what <see cref="ForwardPass"/> is for floats. Owns its
/// buffers; not for use by two threads at once.
/// </summary>
internal sealed class BytePass : IForwardPass
{
    private readonly ByteLayer[] _layers;
    private readonly (float Scale, byte Zero)[] _outputs;
    private readonly ByteRows[] _inputs;
    private readonly PanelMatrix[] _sums;
    private readonly byte[] _rounded;

    /// <summary>Allocates.</summary>
    /// <param name="layers">The network, input first.</param>
    /// <param name="outputs">For each hidden layer what a step of the bytes is worth that its results become, and which byte stands for 0.</param>
    /// <param name="capacity">Pictures at most.</param>
    public BytePass(ByteLayer[] layers, (float Scale, byte Zero)[] outputs, int capacity)
    {
        (_layers, _outputs, Capacity) = (layers, outputs, capacity);
        _inputs = [.. layers.Select((layer, i) => new ByteRows(capacity, layer.Inputs, listed: IsListed(i)))];
        _sums = Array.ConvertAll(layers, layer => new PanelMatrix(Panels.Padded(capacity), layer.Outputs));
        _rounded = new byte[layers[0].Inputs];
    }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public void Begin(int count)
    {
        // Every picture is listed whole; nothing is left of the last batch.
    }

    /// <inheritdoc/>
    public void Gather(int row, ReadOnlySpan<byte> pixels) => _inputs[0].List(row, pixels);

    /// <summary>Takes a picture in whose pixel values need not be whole: they are rounded, ties to even, and kept within 0 to 255.</summary>
    public void Gather(int row, ReadOnlySpan<float> pixels)
    {
        for (var i = 0; i < _rounded.Length; i++)
        {
            _rounded[i] = (byte)Math.Clamp(MathF.Round(float.IsNaN(pixels[i]) ? 0 : pixels[i]), 0, byte.MaxValue);
        }

        Gather(row, _rounded);
    }

    /// <inheritdoc/>
    public void Run(int count)
    {
        var kernels = ByteKernels.Best;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            var hidden = i < _layers.Length - 1;
            var rectify = hidden && layer.Function.IsRelu;
            if (IsListed(i))
            {
                kernels.SparseProduct(_inputs[i], layer, _sums[i], rectify, count);
            }
            else
            {
                kernels.Product(_inputs[i], layer, _sums[i], rectify, count);
            }

            if (!hidden)
            {
                break;
            }

            if (!rectify)
            {
                Kernels.Best.Activate(layer.Function, _sums[i], default, count, new TileRange(count, layer.Outputs));
            }

            ByteKernels.Quantize(_sums[i], _outputs[i].Scale, _outputs[i].Zero, _inputs[i + 1], count);
            if (IsListed(i + 1))
            {
                _inputs[i + 1].List(0);
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyLogits(int row, Span<float> logits) => _sums[^1].CopyRow(row, logits);

    /// <summary>Pictures are mostly ground, and of a single one most hidden units are 0, so that their weights need not be read.</summary>
    private bool IsListed(int layer) => layer == 0 || Capacity == 1;
}

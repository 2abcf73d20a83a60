using System.Numerics.Tensors;

namespace DigitML.Numerics;

/// <summary>
/// Carries up to a fixed number of pictures through a network on one thread. Owns its buffers; not for use by two threads at once.
/// </summary>
internal sealed class ForwardPass : IForwardPass
{
    private readonly PanelLayer[] _layers;
    private readonly InputBatch _input;
    private readonly PanelMatrix[] _activations;

    // A single picture's hidden units as lists: most of them are 0, and their weights need not be read.
    private readonly SparseRows[] _hidden;

    /// <summary>Allocates.</summary>
    /// <param name="layers">The network, input first; read at every run, so training may go on between runs.</param>
    /// <param name="encoding">How inputs become floats.</param>
    /// <param name="capacity">Pictures at most.</param>
    public ForwardPass(PanelLayer[] layers, InputEncoding encoding, int capacity)
    {
        _layers = layers;
        Capacity = capacity;
        _input = new InputBatch(capacity, layers[0].Inputs, encoding, segments: 1, forTraining: false);
        _activations = Array.ConvertAll(layers, layer => new PanelMatrix(Panels.Padded(capacity), layer.Outputs));
        _hidden = capacity == 1 ? Array.ConvertAll(layers[1..], layer => new SparseRows(1, layer.Inputs, segments: 1)) : [];
    }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <summary>Where pictures or rows are taken in; it has a single segment.</summary>
    public InputBatch Input => _input;

    /// <inheritdoc/>
    public void Begin(int count) => _input.Begin(0, count);

    /// <inheritdoc/>
    public void Gather(int row, ReadOnlySpan<byte> pixels) => _input.Gather(row, 0, pixels);

    /// <inheritdoc/>
    public void Gather(int row, ReadOnlySpan<float> features) => _input.Gather(row, 0, features);

    /// <inheritdoc/>
    public void Run(int count)
    {
        var kernels = Kernels.Best;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            var hidden = i < _layers.Length - 1;
            var rectify = hidden && layer.Function.IsRelu;
            var tiles = new TileRange(count, layer.Outputs);
            if (i == 0)
            {
                _input.Forward(kernels, layer, _activations[i], rectify, tiles);
            }
            else if (_hidden.Length > 0)
            {
                _hidden[i - 1].Gather(0, _activations[i - 1]);
                kernels.SparseProduct(_hidden[i - 1], layer, _activations[i], rectify, tiles);
            }
            else
            {
                kernels.Product(_activations[i - 1], layer, _activations[i], rectify, tiles);
            }

            if (hidden && !rectify)
            {
                kernels.Activate(layer.Function, _activations[i], default, count, tiles);
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyLogits(int row, Span<float> logits) => _activations[^1].CopyRow(row, logits);

    /// <summary>The least and the most that a layer gave in the last run; 0 is always among them.</summary>
    /// <param name="layer">Its number, 0 for the first.</param>
    /// <param name="count">The pictures of that run.</param>
    public (float Least, float Most) Range(int layer, int count)
    {
        var (least, most) = (0f, 0f);
        var values = new float[_layers[layer].Outputs];
        for (var row = 0; row < count; row++)
        {
            _activations[layer].CopyRow(row, values);
            least = Math.Min(least, TensorPrimitives.Min<float>(values));
            most = Math.Max(most, TensorPrimitives.Max<float>(values));
        }

        return (least, most);
    }
}

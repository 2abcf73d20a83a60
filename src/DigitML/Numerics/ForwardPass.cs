namespace DigitML.Numerics;

/// <summary>
/// Carries up to a fixed number of pictures through a network on one thread. Owns its buffers; not for use by two threads at once.
/// </summary>
internal sealed class ForwardPass
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

    /// <summary>Pictures at most.</summary>
    public int Capacity { get; }

    /// <summary>Where pictures or rows are taken in; it has a single segment.</summary>
    public InputBatch Input => _input;

    /// <summary>Says how many pictures come.</summary>
    public void Begin(int count) => _input.Begin(0, count);

    /// <summary>Computes the logits of the pictures taken in.</summary>
    /// <param name="count">How many.</param>
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

    /// <summary>Copies one picture's logits out.</summary>
    /// <param name="row">The picture.</param>
    /// <param name="logits">[classes].</param>
    public void CopyLogits(int row, Span<float> logits) => _activations[^1].CopyRow(row, logits);
}

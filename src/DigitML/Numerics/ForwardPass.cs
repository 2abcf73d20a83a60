namespace DigitML.Numerics;

/// <summary>
/// Carries up to a fixed number of pictures through a network on one thread. Owns its buffers; not for use by two threads at once.
/// </summary>
internal sealed unsafe class ForwardPass
{
    private readonly PanelLayer[] _layers;
    private readonly InputBatch _input;
    private readonly PanelBuffer[] _activations;
    private readonly int _paddedRows;

    // A single picture's hidden units as lists: most of them are 0, and their weights need not be read.
    private readonly SparseRows[] _hidden;

    /// <summary>Allocates.</summary>
    /// <param name="layers">The network, input first; read at every run, so training may go on between runs.</param>
    /// <param name="values">[256] the value of each pixel byte.</param>
    /// <param name="sparse">Whether pixels are mostly zero and the value of 0 is 0.</param>
    /// <param name="capacity">Pictures at most.</param>
    public ForwardPass(PanelLayer[] layers, PanelBuffer values, bool sparse, int capacity)
    {
        _layers = layers;
        Capacity = capacity;
        _paddedRows = Panels.Padded(capacity);
        _input = new InputBatch(capacity, layers[0].Inputs, values, sparse, segments: 1, forTraining: false);
        _activations = Array.ConvertAll(layers, layer => new PanelBuffer(Panels.Length(_paddedRows, layer.Outputs)));
        _hidden = capacity == 1 ? Array.ConvertAll(layers[1..], layer => new SparseRows(1, layer.Inputs, segments: 1)) : [];
    }

    /// <summary>Pictures at most.</summary>
    public int Capacity { get; }

    /// <summary>Says how many pictures come.</summary>
    public void Begin(int count) => _input.Begin(0, count);

    /// <summary>Takes one picture in.</summary>
    public void Add(int row, ReadOnlySpan<byte> pixels) => _input.Gather(row, 0, pixels);

    /// <summary>Computes the logits of the pictures taken in.</summary>
    /// <param name="count">How many.</param>
    public void Run(int count)
    {
        var kernels = Kernels.Best;
        var rowTiles = (count + Kernels.TileRows - 1) / Kernels.TileRows;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            var rectify = i < _layers.Length - 1;
            var target = _activations[i].Pointer;
            var tiles = layer.OutputPanels * rowTiles;
            if (i == 0)
            {
                _input.Forward(kernels, layer, target, _paddedRows, rowTiles, rectify, 0, tiles);
            }
            else if (_hidden.Length > 0)
            {
                var hidden = _hidden[i - 1];
                hidden.Gather(0, _activations[i - 1].Pointer, _paddedRows);
                kernels.SparseProduct(hidden, layer.Weights.Pointer, layer.WeightRows, layer.Bias.Pointer, target, _paddedRows, rectify, 0, 1, 0, layer.OutputPanels);
            }
            else
            {
                kernels.Product(_activations[i - 1].Pointer, _paddedRows, layer.Weights.Pointer, layer.WeightRows, layer.Bias.Pointer, target, _paddedRows, rowTiles, layer.Inputs, rectify, 0, tiles);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies one picture's logits out.</summary>
    /// <param name="row">The picture.</param>
    /// <param name="logits">[classes].</param>
    public void CopyLogits(int row, Span<float> logits) => Softmax.CopyRow(_activations[^1].Pointer, _paddedRows, row, logits);
}

namespace DigitML.Numerics;

/// <summary>
/// The pictures of one batch as the first layer takes them: lists of what is not zero where most pixels are ground,
/// else a matrix in panels. Pixels become floats here, through a table of 256 values.
/// </summary>
internal sealed unsafe class InputBatch
{
    private readonly PanelBuffer _values;
    private readonly SparseRows? _rows;
    private readonly SparseColumns? _columns;
    private readonly PanelBuffer? _dense;
    private readonly int _paddedRows;

    /// <summary>Allocates.</summary>
    /// <param name="capacity">Pictures at most.</param>
    /// <param name="inputs">Pixels of a picture.</param>
    /// <param name="values">[256] the value of each pixel byte.</param>
    /// <param name="sparse">Whether to list what is not zero; needs a table whose value of 0 is 0.</param>
    /// <param name="segments">Into how many parts a picture is cut for threads that gather together.</param>
    /// <param name="forTraining">Whether weight gradients will be asked for.</param>
    public InputBatch(int capacity, int inputs, PanelBuffer values, bool sparse, int segments, bool forTraining)
    {
        _values = values;
        _paddedRows = Panels.Padded(capacity);
        Inputs = inputs;
        Segments = segments;
        if (sparse)
        {
            _rows = new SparseRows(_paddedRows, inputs, segments);
            _columns = forTraining ? new SparseColumns(inputs, capacity, values.Pointer) : null;
        }
        else
        {
            _dense = new PanelBuffer(Panels.Length(_paddedRows, inputs));
        }
    }

    /// <summary>Pixels of a picture.</summary>
    public int Inputs { get; }

    /// <summary>Parts that can be gathered independently.</summary>
    public int Segments { get; }

    /// <summary>Readies one segment for a new batch of <paramref name="count"/> pictures.</summary>
    public void Begin(int segment, int count)
    {
        if (_rows is null)
        {
            return;
        }

        var (start, end) = _rows.Segment(segment);
        _columns?.Clear(start, end);

        // Rows up to the next tile are computed along; they must be pictures without ink, not last batch's.
        for (var row = count; row < Math.Min(_paddedRows, (count + Kernels.TileRows - 1) / Kernels.TileRows * Kernels.TileRows); row++)
        {
            _rows.Counts[(segment * _rows.Rows) + row] = 0;
        }
    }

    /// <summary>Takes one segment of one picture in.</summary>
    public void Gather(int row, int segment, ReadOnlySpan<byte> pixels)
    {
        if (_rows is not null)
        {
            _rows.Gather(row, segment, pixels, _values.Pointer, _columns);
            return;
        }

        var (start, end) = ThreadTeam.Share(Inputs, segment, Segments);
        var target = _dense!.Pointer;
        var values = _values.Pointer;
        for (var input = start; input < end; input++)
        {
            target[Panels.Offset(_paddedRows, row, input)] = values[pixels[input]];
        }
    }

    /// <summary>The first layer's outputs, for a run of tiles of 8 rows by one panel, rows within panels.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="layer">The first layer.</param>
    /// <param name="target">[rows padded, outputs] in panels.</param>
    /// <param name="targetRows">Rows of <paramref name="target"/>.</param>
    /// <param name="rowTiles">Tiles of rows that hold pictures.</param>
    /// <param name="rectify">Whether ReLU follows.</param>
    /// <param name="start">First tile.</param>
    /// <param name="end">One past the last tile.</param>
    public void Forward(Kernels kernels, PanelLayer layer, float* target, int targetRows, int rowTiles, bool rectify, int start, int end)
    {
        if (_rows is null)
        {
            kernels.Product(_dense!.Pointer, _paddedRows, layer.Weights.Pointer, layer.WeightRows, layer.Bias.Pointer, target, targetRows, rowTiles, Inputs, rectify, start, end);
            return;
        }

        // A run of tiles is at most three rectangles: the rest of a panel, whole panels, the start of a panel.
        while (start < end)
        {
            var (panel, firstTile) = Math.DivRem(start, rowTiles);
            var wholePanels = firstTile == 0 ? (end - start) / rowTiles : 0;
            var panels = Math.Max(1, wholePanels);
            var tiles = wholePanels > 0 ? rowTiles : Math.Min(rowTiles - firstTile, end - start);
            kernels.SparseProduct(
                _rows,
                layer.Weights.Pointer,
                layer.WeightRows,
                layer.Bias.Pointer,
                target,
                targetRows,
                rectify,
                firstTile * Kernels.TileRows,
                (firstTile + tiles) * Kernels.TileRows,
                panel,
                panel + panels);
            start += panels * tiles;
        }
    }

    /// <summary>Updates the first layer's weights, for a run of tiles as in <see cref="Kernels.UpdateWeights"/>.</summary>
    public void Update(Kernels kernels, float* gradient, int batchRows, int batch, TrainableLayer layer, in UpdateStep step, int start, int end)
    {
        if (_columns is not null)
        {
            kernels.SparseUpdateWeights(_columns, gradient, batchRows, batch, layer, step, start, end);
        }
        else
        {
            kernels.UpdateWeights(_dense!.Pointer, gradient, batchRows, batch, layer, step, start, end);
        }
    }
}

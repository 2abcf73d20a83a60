using System.Numerics;

namespace DigitML.Numerics;

/// <summary>
/// The pictures or rows of one batch as the first layer takes them: lists of what is not zero where most pixels are ground,
/// else a matrix in panels. Inputs become floats here, as an <see cref="InputEncoding"/> says.
/// </summary>
internal sealed unsafe class InputBatch
{
    private readonly InputEncoding _encoding;
    private readonly SparseRows? _rows;
    private readonly SparseColumns? _columns;
    private readonly PanelMatrix _dense;
    private readonly int _rowsPadded;
    private readonly float _dropout;
    private readonly byte[] _silenced = [];

    /// <summary>Allocates.</summary>
    /// <param name="capacity">Pictures at most.</param>
    /// <param name="inputs">Pixels of a picture.</param>
    /// <param name="encoding">How inputs become floats.</param>
    /// <param name="segments">Into how many parts a picture is cut for threads that gather together.</param>
    /// <param name="forTraining">Whether weight gradients will be asked for.</param>
    /// <param name="dropout">Share of inputs silenced, the rest scaled up; at least 0 and below 1.</param>
    public InputBatch(int capacity, int inputs, InputEncoding encoding, int segments, bool forTraining, float dropout = 0)
    {
        _dropout = dropout;
        if (dropout > 0 && encoding.IsSparse)
        {
            // Bytes are silenced before they are listed, and what is listed has been scaled up.
            encoding = encoding.Scaled(1f / (1f - dropout));
            _silenced = new byte[inputs];
        }

        _encoding = encoding;
        _rowsPadded = Panels.Padded(capacity);
        Inputs = inputs;
        Segments = segments;
        if (encoding is { IsSparse: true, Values: { } values })
        {
            _rows = new SparseRows(_rowsPadded, inputs, segments);
            _columns = forTraining ? new SparseColumns(inputs, capacity, values.Pointer) : null;
        }
        else
        {
            _dense = new PanelMatrix(_rowsPadded, inputs);
        }
    }

    /// <summary>Pixels of a picture.</summary>
    public int Inputs { get; }

    /// <summary>Parts that can be gathered independently.</summary>
    public int Segments { get; }

    /// <summary>What the next batch's silenced inputs follow from, with their places.</summary>
    public ulong DropoutKey { get; set; }

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
        for (var row = count; row % Kernels.TileRows != 0; row++)
        {
            _rows.Clear(row, segment);
        }
    }

    /// <summary>Takes one segment of one picture in.</summary>
    public void Gather(int row, int segment, ReadOnlySpan<byte> pixels)
    {
        if (_rows is not null)
        {
            if (_dropout > 0)
            {
                // Each thread its own segment of the one buffer.
                var (first, past) = _rows.Segment(segment);
                DropoutMask.Copy(pixels[first..past], _silenced.AsSpan(first, past - first), _dropout, DropoutKey, ((long)row * Inputs) + first);
                pixels = _silenced;
            }

            _rows.Gather(row, segment, pixels, _encoding.Values!.Pointer, _columns);
            return;
        }

        var (start, end) = ThreadTeam.Share(Inputs, segment, Segments);
        var target = _dense.Pointer;
        if (_encoding.Values is { } table)
        {
            var values = table.Pointer;
            for (var input = start; input < end; input++)
            {
                target[Panels.Offset(_rowsPadded, row, input)] = values[pixels[input]];
            }

            Silence(row, start, end);
            return;
        }

        var mean = _encoding.Mean!.Pointer;
        var scale = _encoding.Scale!.Pointer;
        for (var input = start; input < end; input++)
        {
            target[Panels.Offset(_rowsPadded, row, input)] = (pixels[input] - mean[input]) * scale[input];
        }

        Silence(row, start, end);
    }

    /// <summary>Takes one segment of one row of numbers in; for inputs that are encoded feature by feature.</summary>
    public void Gather(int row, int segment, ReadOnlySpan<float> features)
    {
        var mean = _encoding.Mean!.Pointer;
        var scale = _encoding.Scale!.Pointer;
        var (start, end) = ThreadTeam.Share(Inputs, segment, Segments);
        fixed (float* source = features)
        {
            for (var input = start; input < end;)
            {
                // A row of a panel lies in one piece.
                var target = _dense.At(row, input);
                var pieceEnd = Math.Min(end, (input / Panels.Width * Panels.Width) + Panels.Width);
                for (; input + Vector<float>.Count <= pieceEnd; input += Vector<float>.Count, target += Vector<float>.Count)
                {
                    ((Vector.Load(source + input) - Vector.Load(mean + input)) * Vector.Load(scale + input)).Store(target);
                }

                for (; input < pieceEnd; input++)
                {
                    *target++ = (source[input] - mean[input]) * scale[input];
                }
            }
        }

        Silence(row, start, end);
    }

    private void Silence(int row, int start, int end)
    {
        for (var input = start; _dropout > 0 && input < end; input++)
        {
            ref var value = ref _dense.Pointer[Panels.Offset(_rowsPadded, row, input)];
            value = DropoutMask.Keeps(_dropout, DropoutKey, ((long)row * Inputs) + input) ? value * (1f / (1f - _dropout)) : 0f;
        }
    }

    /// <summary>The first layer's outputs, as in <see cref="Kernels.Product"/>.</summary>
    public void Forward(Kernels kernels, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles)
    {
        if (_rows is not null)
        {
            kernels.SparseProduct(_rows, layer, output, rectify, tiles);
        }
        else
        {
            kernels.Product(_dense, layer, output, rectify, tiles);
        }
    }

    /// <summary>Updates the first layer's weights, as in <see cref="Kernels.UpdateWeights"/>.</summary>
    public void Update(Kernels kernels, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles)
    {
        if (_columns is not null)
        {
            kernels.SparseUpdateWeights(_columns, gradient, batch, layer, step, tiles);
        }
        else
        {
            kernels.UpdateWeights(_dense, gradient, batch, layer, step, tiles);
        }
    }
}

using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>
/// A network while it is trained: weights, optimizer state and the buffers of one batch, all allocated once.
/// Every method that takes a member is called by all threads of the team together.
/// </summary>
internal sealed unsafe class TrainingNetwork
{
    /// <summary>A quarter of a first-level cache of today's processors.</summary>
    private const int MostFusedWeights = 8192;

    private readonly Kernels _kernels = Kernels.Best;
    private readonly ThreadTeam _team;
    private readonly InputBatch[] _inputs;
    private readonly byte[][] _labels;
    private readonly PanelBuffer[] _activations;
    private readonly PanelBuffer[] _gradients;
    private readonly PanelBuffer[] _gradientsTransposed;
    private readonly int _batchRows;
    private readonly float _dropout;
    private readonly ulong _dropoutSeed;
    private readonly float[] _rowLoss;
    private readonly bool[] _rowCorrect;

    /// <summary>The first of the last layers that are small enough for every thread to read all of their weights.</summary>
    private readonly int _firstFused;

    /// <summary>Allocates.</summary>
    /// <param name="sizes">Inputs, hidden units, classes.</param>
    /// <param name="batchSize">Pictures of a batch at most.</param>
    /// <param name="values">[256] the value of each pixel byte.</param>
    /// <param name="sparse">Whether pixels are mostly zero and the value of 0 is 0.</param>
    /// <param name="team">The threads.</param>
    /// <param name="dropout">Share of hidden units silenced.</param>
    /// <param name="seed">Where dropout's choices come from.</param>
    public TrainingNetwork(ReadOnlySpan<int> sizes, int batchSize, PanelBuffer values, bool sparse, ThreadTeam team, float dropout, int seed)
    {
        _team = team;
        _batchRows = Panels.Padded(batchSize);
        _dropout = dropout;
        _dropoutSeed = new SeededRandom(seed, RandomStreams.Dropout).Next();
        Values = values;
        IsSparse = sparse;
        Layers = new TrainableLayer[sizes.Length - 1];
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i] = new TrainableLayer(sizes[i], sizes[i + 1]);
        }

        _firstFused = Layers.Length - 1;
        while (_firstFused > 1 && Layers[_firstFused - 1].Weights.Length <= MostFusedWeights)
        {
            _firstFused--;
        }

        // Two, so that the next batch is gathered while this one's weights are updated.
        _inputs = [NewInput(), NewInput()];
        _labels = [new byte[batchSize], new byte[batchSize]];
        _activations = Array.ConvertAll(Layers, NewBuffer);
        _gradients = Array.ConvertAll(Layers, NewBuffer);
        _gradientsTransposed = Array.ConvertAll(Layers, layer => new PanelBuffer(checked(_batchRows * Panels.Padded(layer.Outputs))));
        _rowLoss = new float[batchSize];
        _rowCorrect = new bool[batchSize];

        InputBatch NewInput() => new(batchSize, Layers[0].Inputs, values, sparse, team.Size, forTraining: true);
        PanelBuffer NewBuffer(TrainableLayer layer) => new(Panels.Length(_batchRows, layer.Outputs));
    }

    /// <summary>The layers, input first.</summary>
    public TrainableLayer[] Layers { get; }

    /// <summary>[256] the value of each pixel byte.</summary>
    public PanelBuffer Values { get; }

    /// <summary>Whether the first layer reads lists of what is not zero.</summary>
    public bool IsSparse { get; }

    /// <summary>Where the time of each phase is noted; null for nowhere.</summary>
    public PhaseClock? Clock { get; init; }

    /// <summary>Classes told apart.</summary>
    public int ClassCount => Layers[^1].Outputs;

    /// <summary>Ends a phase: notes its time and waits until all threads are through with it.</summary>
    public void Meet(int member, TrainingPhase phase)
    {
        Clock?.Mark(member, phase);
        _team.Barrier();
        Clock?.Mark(member, TrainingPhase.Waiting);
    }

    /// <summary>Takes a member's part of a batch in.</summary>
    /// <param name="member">The thread.</param>
    /// <param name="slot">0 or 1: which of the two batches.</param>
    /// <param name="images">Where pictures and labels are.</param>
    /// <param name="order">The pictures of this batch.</param>
    public void Gather(int member, int slot, LabelledImages images, ReadOnlySpan<int> order)
    {
        var input = _inputs[slot];
        input.Begin(member, order.Length);
        var pixels = images.Pixels;
        var size = images.PixelsPerImage;
        var (first, past) = ThreadTeam.Share(size, member, _team.Size);
        for (var row = 0; row < order.Length; row++)
        {
            if (row + Prefetch.RowsAhead < order.Length)
            {
                Prefetch.Lines(pixels.Slice((order[row + Prefetch.RowsAhead] * size) + first, past - first));
            }

            input.Gather(row, member, pixels.Slice(order[row] * size, size));
        }

        if (member == 0)
        {
            var labels = images.Labels;
            for (var row = 0; row < order.Length; row++)
            {
                _labels[slot][row] = labels[order[row]];
            }
        }
    }

    /// <summary>Forward to the loss and its gradient by the logits. Ends with a barrier.</summary>
    /// <param name="member">The thread.</param>
    /// <param name="slot">Which batch.</param>
    /// <param name="count">Its pictures.</param>
    /// <param name="stepNumber">Number of the update, for dropout's choices.</param>
    public void PropagateForward(int member, int slot, int count, long stepNumber)
    {
        var rowTiles = (count + Kernels.TileRows - 1) / Kernels.TileRows;
        for (var i = 0; i < _firstFused; i++)
        {
            // By panels: each thread reads the weights that it updated itself.
            var (start, end) = ThreadTeam.Share(Layers[i].OutputPanels * rowTiles, member, _team.Size);
            Forward(i, slot, rowTiles, start, end, stepNumber);
            Meet(member, TrainingPhase.Forward);
        }

        // By rows: what a row needs of one layer the same thread has computed in the one before, so that nobody waits.
        var (firstTile, lastTile) = ThreadTeam.Share(rowTiles, member, _team.Size);
        for (var i = _firstFused; i < Layers.Length; i++)
        {
            for (var panel = 0; panel < Layers[i].OutputPanels; panel++)
            {
                Forward(i, slot, rowTiles, (panel * rowTiles) + firstTile, (panel * rowTiles) + lastTile, stepNumber);
            }
        }

        Clock?.Mark(member, TrainingPhase.Forward);
        Loss(slot, count, firstTile * Kernels.TileRows, Math.Min(count, lastTile * Kernels.TileRows));
        Meet(member, TrainingPhase.Loss);
    }

    /// <summary>Back to the gradients of every layer's output. Ends with a barrier.</summary>
    /// <param name="member">The thread.</param>
    /// <param name="count">The batch's pictures.</param>
    public void PropagateBackward(int member, int count)
    {
        var batchPanels = Panels.Count(count);
        for (var i = Layers.Length - 1; i > 0; i--)
        {
            var layer = Layers[i];
            var (start, end) = ThreadTeam.Share(batchPanels * (layer.PaddedInputs / Kernels.TileRows), member, _team.Size);
            _kernels.InputGradient(
                layer.Weights.Pointer,
                layer.WeightRows,
                layer.PaddedInputs,
                _gradientsTransposed[i].Pointer,
                layer.Outputs,
                Panels.Padded(layer.Outputs),
                _activations[i - 1].Pointer,
                1f / (1f - _dropout),
                _gradients[i - 1].Pointer,
                _gradientsTransposed[i - 1].Pointer,
                _batchRows,
                batchPanels,
                start,
                end);
            Meet(member, TrainingPhase.InputGradient);
        }
    }

    /// <summary>Updates a member's part of all weights. Ends without a barrier.</summary>
    public void Update(int member, int slot, int count, in UpdateStep step)
    {
        for (var i = 0; i < Layers.Length; i++)
        {
            var layer = Layers[i];
            var (start, end) = ThreadTeam.Share(layer.OutputPanels * (layer.PaddedInputs / Kernels.TileRows), member, _team.Size);
            if (i == 0)
            {
                _inputs[slot].Update(_kernels, _gradients[0].Pointer, _batchRows, count, layer, step, start, end);
            }
            else
            {
                _kernels.UpdateWeights(_activations[i - 1].Pointer, _gradients[i].Pointer, _batchRows, count, layer, step, start, end);
            }
        }

        Clock?.Mark(member, TrainingPhase.WeightUpdate);
    }

    /// <summary>Sums the batch's losses and right answers, in the order of its pictures; after <see cref="PropagateForward"/>, by one thread.</summary>
    public (double Loss, int Correct) Tally(int count)
    {
        var loss = 0.0;
        var correct = 0;
        for (var row = 0; row < count; row++)
        {
            loss += _rowLoss[row];
            correct += _rowCorrect[row] ? 1 : 0;
        }

        return (loss, correct);
    }

    /// <summary>Copies all weights and biases into <paramref name="target"/>, layer after layer.</summary>
    public void CopyTo(PanelBuffer target) => Copy(target.Span, save: true);

    /// <summary>Takes all weights and biases back that <see cref="CopyTo"/> saved.</summary>
    public void CopyFrom(PanelBuffer source) => Copy(source.Span, save: false);

    /// <summary>The network as a model, row-major.</summary>
    public Mlp ToModel(PixelNormalization normalization, IReadOnlyDictionary<string, string> metadata) =>
        new(normalization, Array.ConvertAll(Layers, layer => new DenseLayer(layer.Inputs, layer.Outputs, layer.Export(layer.Weights), layer.Bias.Span[..layer.Outputs].ToArray())), metadata);

    /// <summary>Floats that <see cref="CopyTo"/> needs.</summary>
    public int SnapshotLength => Layers.Sum(layer => layer.Weights.Length + layer.Bias.Length);

    private void Copy(Span<float> snapshot, bool save)
    {
        foreach (var layer in Layers)
        {
            foreach (var buffer in new[] { layer.Weights, layer.Bias })
            {
                var part = snapshot[..buffer.Length];
                snapshot = snapshot[buffer.Length..];
                if (save)
                {
                    buffer.Span.CopyTo(part);
                }
                else
                {
                    part.CopyTo(buffer.Span);
                }
            }
        }
    }

    /// <summary>One layer's outputs for a run of tiles.</summary>
    private void Forward(int i, int slot, int rowTiles, int start, int end, long stepNumber)
    {
        var layer = Layers[i];
        var hidden = i < Layers.Length - 1;
        var target = _activations[i].Pointer;
        if (i == 0)
        {
            _inputs[slot].Forward(_kernels, layer, target, _batchRows, rowTiles, hidden, start, end);
        }
        else
        {
            _kernels.Product(_activations[i - 1].Pointer, _batchRows, layer.Weights.Pointer, layer.WeightRows, layer.Bias.Pointer, target, _batchRows, rowTiles, layer.Inputs, hidden, start, end);
        }

        if (hidden && _dropout > 0)
        {
            DropoutMask.Apply(target, _batchRows, rowTiles, _dropout, SeededRandom.Mix(_dropoutSeed + ((ulong)stepNumber * 64) + (ulong)i), start, end);
        }
    }

    /// <summary>
    /// Loss of some rows, and its gradient by the logits: (probability − 1 where the label is) / batch. A label beyond the
    /// classes stands for an image of none of them; its target is the uniform distribution.
    /// </summary>
    private void Loss(int slot, int count, int start, int end)
    {
        var output = Layers.Length - 1;
        var classes = ClassCount;
        Span<float> logits = stackalloc float[classes];
        var gradient = _gradients[output].Pointer;
        var transposed = _gradientsTransposed[output].Pointer;
        var paddedClasses = Panels.Padded(classes);
        var share = 1f / count;
        for (var row = start; row < end; row++)
        {
            Softmax.CopyRow(_activations[output].Pointer, _batchRows, row, logits);
            var label = _labels[slot][row];
            if (label < classes)
            {
                _rowLoss[row] = Softmax.CrossEntropy(logits, label, out _rowCorrect[row]);
                logits[label] -= 1f;
            }
            else
            {
                _rowLoss[row] = Softmax.CrossEntropyWithUniform(logits, out _rowCorrect[row]);
                foreach (ref var value in logits)
                {
                    value -= 1f / classes;
                }
            }

            for (var c = 0; c < classes; c++)
            {
                var value = logits[c] * share;
                gradient[Panels.Offset(_batchRows, row, c)] = value;
                transposed[Panels.Offset(paddedClasses, c, row)] = value;
            }
        }
    }
}

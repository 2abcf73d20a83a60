using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// A network while it is trained: weights, optimizer state and the buffers of one batch, all allocated once.
/// Every method that takes a member is called by all threads of the team together.
/// </summary>
internal sealed partial class TrainingNetwork
{
    /// <summary>A quarter of a first-level cache of today's processors.</summary>
    private const int MostFusedWeights = 8192;

    private readonly Kernels _kernels = Kernels.Best;
    private readonly ThreadTeam _team;
    private readonly InputBatch[] _inputs;
    private readonly int[][] _labels;
    private readonly float[][] _weights;
    private readonly int[][] _mixedLabels;
    private readonly float[][] _mixedShares;
    private readonly float[][] _answers;
    private readonly RowSequence[][] _sequences = [[], []];
    private readonly PanelMatrix[] _activations;

    /// <summary>The hidden layers' derivatives with dropout's factor; empty for ReLU, whose activations say as much.</summary>
    private readonly PanelMatrix[] _slopes;
    private readonly LayerGradient[] _gradients;
    private readonly DistillationOptions? _distillation;
    private readonly float _dropout;
    private readonly ulong _dropoutSeed;
    private readonly ulong _inputDropoutSeed;
    private readonly ulong _noiseSeed;
    private readonly float[] _rowLoss;
    private readonly bool[] _rowCorrect;

    /// <summary>The first of the last layers that are small enough for every thread to read all of their weights.</summary>
    private readonly int _firstFused;

    /// <summary>Allocates.</summary>
    /// <param name="sizes">Inputs, hidden units, classes.</param>
    /// <param name="batchSize">Pictures of a batch at most.</param>
    /// <param name="encoding">How inputs become floats.</param>
    /// <param name="team">The threads.</param>
    /// <param name="dropout">Share of hidden units silenced.</param>
    /// <param name="seed">Where dropout's choices come from.</param>
    /// <param name="activation">What follows each hidden layer; one number serves all of its units.</param>
    /// <param name="inputDropout">Share of inputs silenced.</param>
    /// <param name="normalizes">Whether hidden layers' sums are normalised over the batch.</param>
    /// <param name="distillation">How much is learnt from a teacher's answers; null without one.</param>
    /// <param name="noise">Deviation of the noise on normalised sums.</param>
    public TrainingNetwork(ReadOnlySpan<int> sizes, int batchSize, InputEncoding encoding, ThreadTeam team, float dropout, int seed, Activation? activation = null, float inputDropout = 0, bool normalizes = false, DistillationOptions? distillation = null, float noise = 0)
    {
        _team = team;
        _dropout = dropout;
        Activation = activation ?? Activation.Relu;
        _dropoutSeed = new SeededRandom(seed, RandomStreams.Dropout).Next();
        _inputDropoutSeed = new SeededRandom(seed, RandomStreams.InputDropout).Next();
        _noiseSeed = new SeededRandom(seed, RandomStreams.Noise).Next();
        Encoding = encoding;
        Layers = new TrainableLayer[sizes.Length - 1];
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i] = new TrainableLayer(sizes[i], sizes[i + 1])
            {
                Function = Activation.FunctionOf(sizes[i + 1]),
                Normalization = normalizes && i < Layers.Length - 1 ? new BatchNormalization(Panels.Padded(batchSize), sizes[i + 1], noise) : null,
            };
        }

        _firstFused = Layers.Length - 1;

        // Normalisation needs all rows of a layer before it goes on.
        while (_firstFused > 1 && !normalizes && Layers[_firstFused - 1].Weights.Span.Length <= MostFusedWeights)
        {
            _firstFused--;
        }

        // Two, so that the next batch is gathered while this one's weights are updated.
        _inputs = [NewInput(), NewInput()];
        _labels = [new int[batchSize], new int[batchSize]];
        _weights = [new float[batchSize], new float[batchSize]];
        _mixedLabels = [new int[batchSize], new int[batchSize]];
        _mixedShares = [new float[batchSize], new float[batchSize]];
        _distillation = distillation;
        var answers = distillation is null ? 0 : batchSize * sizes[^1];
        _answers = [new float[answers], new float[answers]];
        var batchRows = Panels.Padded(batchSize);
        _activations = Array.ConvertAll(Layers, layer => new PanelMatrix(batchRows, layer.Outputs));
        _slopes = Activation.Kind == ActivationKind.Relu ? [] : Array.ConvertAll(Layers[..^1], layer => new PanelMatrix(batchRows, layer.Outputs));
        _gradients = Array.ConvertAll(Layers, layer => new LayerGradient(batchRows, layer.Outputs));
        _rowLoss = new float[batchSize];
        _rowCorrect = new bool[batchSize];

        InputBatch NewInput() => new(batchSize, Layers[0].Inputs, encoding, team.Size, forTraining: true, inputDropout);
    }

    /// <summary>The layers, input first.</summary>
    public TrainableLayer[] Layers { get; }

    /// <summary>What follows each hidden layer.</summary>
    public Activation Activation { get; }

    /// <summary>How inputs become floats.</summary>
    public InputEncoding Encoding { get; }

    /// <summary>Where the time of each phase is noted; null for nowhere.</summary>
    public PhaseClock? Clock { get; init; }

    /// <summary>Greatest length of the weights into a hidden unit; 0 for no limit.</summary>
    public float MaxNorm { get; init; }

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
    /// <param name="rows">Where pictures or rows and their labels are.</param>
    /// <param name="order">Those of this batch.</param>
    /// <param name="stepNumber">Number of the update, for input dropout's choices.</param>
    public void Gather(int member, int slot, TrainingRows rows, ReadOnlySpan<int> order, long stepNumber)
    {
        var input = _inputs[slot];
        input.DropoutKey = SeededRandom.Mix(_inputDropoutSeed + (ulong)stepNumber);
        for (var segment = member; segment < input.Segments; segment += _team.Active)
        {
            input.Begin(segment, order.Length);
            rows.Gather(input, segment, order);
        }

        if (member == 0)
        {
            rows.CopyLabels(order, _labels[slot], _weights[slot]);
            rows.CopyMixtures(order, _mixedLabels[slot], _mixedShares[slot]);
            rows.CopyAnswers(order, _answers[slot]);
            _sequences[slot] = rows.SequencesOf(order);
        }
    }

    /// <summary>Forward to the loss and its gradient by the logits. Ends with a barrier.</summary>
    /// <param name="member">The thread.</param>
    /// <param name="slot">Which batch.</param>
    /// <param name="count">Its pictures.</param>
    /// <param name="stepNumber">Number of the update, for dropout's choices.</param>
    public void PropagateForward(int member, int slot, int count, long stepNumber)
    {
        for (var i = 0; i < _firstFused; i++)
        {
            // By panels: each thread reads the weights that it updated itself.
            Forward(i, slot, count, new TileRange(count, Layers[i].Outputs).Share(member, _team.Active), stepNumber);
            Meet(member, TrainingPhase.Forward);
            if (Layers[i].Normalization is not null)
            {
                Normalize(i, member, count, stepNumber);
                Meet(member, TrainingPhase.Forward);
            }
        }

        // By rows: what a row needs of one layer the same thread has computed in the one before, so that nobody waits.
        var (firstTile, lastTile) = ThreadTeam.Share((count + Kernels.TileRows - 1) / Kernels.TileRows, member, _team.Active);
        for (var i = _firstFused; i < Layers.Length; i++)
        {
            var tiles = new TileRange(count, Layers[i].Outputs);
            for (var panel = 0; panel < tiles.PanelCount; panel++)
            {
                var first = panel * tiles.RowTiles;
                Forward(i, slot, count, tiles with { Start = first + firstTile, End = first + lastTile }, stepNumber);
            }
        }

        if (_sequences[slot].Length > 0)
        {
            // A sequence's rows may be several threads'.
            Meet(member, TrainingPhase.Forward);
            LossOfSequences(slot, member);
        }
        else
        {
            Clock?.Mark(member, TrainingPhase.Forward);
            Loss(slot, count, firstTile * Kernels.TileRows, Math.Min(count, lastTile * Kernels.TileRows));
        }

        Meet(member, TrainingPhase.Loss);
    }

    /// <summary>Back to the gradients of every layer's output. Ends with a barrier.</summary>
    /// <param name="member">The thread.</param>
    /// <param name="count">The batch's pictures.</param>
    public void PropagateBackward(int member, int count)
    {
        for (var i = Layers.Length - 1; i > 0; i--)
        {
            var layer = Layers[i];
            var tiles = new TileRange(layer.PaddedInputs, count).Share(member, _team.Active);
            if (_slopes.Length == 0)
            {
                _kernels.InputGradient(layer, _gradients[i], _activations[i - 1], 1f / (1f - _dropout), _gradients[i - 1], tiles);
            }
            else
            {
                _kernels.InputGradientBySlopes(layer, _gradients[i], _slopes[i - 1], _gradients[i - 1], tiles);
            }

            Meet(member, TrainingPhase.InputGradient);
            if (Layers[i - 1].Normalization is { } normalization)
            {
                normalization.Backward(_gradients[i - 1], count, ThreadTeam.Share(Panels.Count(Layers[i - 1].Outputs), member, _team.Active));
                Meet(member, TrainingPhase.InputGradient);
            }
        }
    }

    /// <summary>Updates a member's part of all weights. Ends without a barrier.</summary>
    public void Update(int member, int slot, int count, in UpdateStep step)
    {
        for (var i = 0; i < Layers.Length; i++)
        {
            var layer = Layers[i];
            var tiles = layer.WeightTiles.Share(member, _team.Active);
            if (i == 0)
            {
                _inputs[slot].Update(_kernels, _gradients[i].ByRow, count, layer, step, tiles);
            }
            else
            {
                _kernels.UpdateWeights(_activations[i - 1], _gradients[i].ByRow, count, layer, step, tiles);
            }
        }

        Clock?.Mark(member, TrainingPhase.WeightUpdate);
    }

    /// <summary>Cuts a member's part of the hidden units back to <see cref="MaxNorm"/>, when all weights are updated. Ends without a barrier.</summary>
    public void Constrain(int member)
    {
        foreach (var layer in Layers.AsSpan(..^1))
        {
            var (first, end) = ThreadTeam.Share(Panels.Count(layer.Outputs), member, _team.Active);
            Numerics.MaxNorm.Apply(layer, MaxNorm, first, end);
        }
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

    /// <summary>The layers as a model has them, row-major.</summary>
    public DenseLayer[] Export() =>
        Array.ConvertAll(KeptLayers(), layer => new DenseLayer(layer.Inputs, layer.Outputs, layer.Export(layer.Weights), layer.Bias.Span[..layer.Outputs].ToArray(), Activation));

    /// <summary>One layer's outputs for a run of tiles.</summary>
    private void Forward(int i, int slot, int count, in TileRange tiles, long stepNumber)
    {
        var layer = Layers[i];
        var hidden = i < Layers.Length - 1;
        var rectify = hidden && _slopes.Length == 0 && layer.Normalization is null;
        if (i == 0)
        {
            _inputs[slot].Forward(_kernels, layer, _activations[i], rectify, tiles);
        }
        else
        {
            _kernels.Product(_activations[i - 1], layer, _activations[i], rectify, tiles);
        }

        if (hidden && layer.Normalization is null)
        {
            Activate(i, count, tiles, stepNumber);
        }
    }

    /// <summary>A member's panels of one layer's sums, normalised over the batch, and what follows.</summary>
    private void Normalize(int i, int member, int count, long stepNumber)
    {
        // The moving mean and variance forget as Keras's do, and what lies before the first updates at once.
        const double Decay = 0.99;
        var share = (float)(1 - Math.Min(Decay, (1.0 + stepNumber) / (10.0 + stepNumber)));
        var panels = ThreadTeam.Share(Panels.Count(Layers[i].Outputs), member, _team.Active);
        Layers[i].Normalization!.Forward(Layers[i], _activations[i], count, share, rectify: _slopes.Length == 0, StepKey(_noiseSeed, i, stepNumber), panels);
        var tiles = new TileRange(count, Layers[i].Outputs);
        Activate(i, count, tiles with { Start = panels.Start * tiles.RowTiles, End = panels.End * tiles.RowTiles }, stepNumber);
    }

    /// <summary>A hidden layer's activation, unless ReLU is done already, and its dropout.</summary>
    private void Activate(int i, int count, in TileRange tiles, long stepNumber)
    {
        var rectified = _slopes.Length == 0;
        if (!rectified)
        {
            _kernels.Activate(Layers[i].Function, _activations[i], _slopes[i], count, tiles);
        }

        if (_dropout > 0)
        {
            var key = StepKey(_dropoutSeed, i, stepNumber);
            DropoutMask.Apply(_activations[i], _dropout, key, tiles);
            if (!rectified)
            {
                // The same units: choices follow from the key and the place.
                DropoutMask.Apply(_slopes[i], _dropout, key, tiles);
            }
        }
    }

    private static ulong StepKey(ulong seed, int layer, long stepNumber) => SeededRandom.Mix(seed + ((ulong)stepNumber * 64) + (ulong)layer);
}

using DigitML.Numerics;

namespace DigitML.Models;

/// <summary>
/// The process's threads for batches: up from the first use on, so that a batch of a tenth of a millisecond is worth sharing.
/// One batch at a time has them; who comes meanwhile works on the caller's thread alone, where the processors are busy anyway.
/// </summary>
#pragma warning disable CA1001 // The one instance lives as long as the process.
internal sealed unsafe class BatchTeam
#pragma warning restore CA1001
{
    private static readonly Lazy<BatchTeam> s_shared = new(() => new BatchTeam(Environment.ProcessorCount));

    private readonly Lock _lock = new();
    private readonly ThreadTeam _team;
    private readonly TeamPace _pace;
    private readonly Action<int> _work;
    private Mlp? _model;
    private void* _inputs;
    private int _inputCount;
    private bool _areFloats;
    private float* _probabilities;
    private int _probabilityCount;
    private int _chunks;
    private int _members;

    private BatchTeam(int size)
    {
        _team = new ThreadTeam(size);
        _pace = new TeamPace(size);
        _work = Work;
    }

    /// <summary>Predicts chunks on up to <paramref name="members"/> threads; allocates nothing but the passes that each thread takes out.</summary>
    /// <returns>False when the threads are taken; nothing has been done then.</returns>
    public static bool TryPredict(Mlp model, ReadOnlySpan<byte> pixels, Span<float> probabilities, int chunks, int members)
    {
        fixed (byte* source = pixels)
        {
            return TryPredict(model, source, pixels.Length, areFloats: false, probabilities, chunks, members);
        }
    }

    /// <inheritdoc cref="TryPredict(Mlp, ReadOnlySpan{byte}, Span{float}, int, int)"/>
    public static bool TryPredict(Mlp model, ReadOnlySpan<float> features, Span<float> probabilities, int chunks, int members)
    {
        fixed (float* source = features)
        {
            return TryPredict(model, source, features.Length, areFloats: true, probabilities, chunks, members);
        }
    }

    private static bool TryPredict(Mlp model, void* inputs, int count, bool areFloats, Span<float> probabilities, int chunks, int members)
    {
        var shared = s_shared.Value;
        if (!shared._lock.TryEnter())
        {
            return false;
        }

        try
        {
            fixed (float* target = probabilities)
            {
                shared._inputs = inputs;
                shared._probabilities = target;
                (shared._model, shared._inputCount, shared._areFloats, shared._probabilityCount) = (model, count, areFloats, probabilities.Length);
                shared._chunks = chunks;
                shared.Run(members);
                shared._model = null;
            }
        }
        finally
        {
            shared._lock.Exit();
        }

        return true;
    }

    /// <summary>On as many of the threads as pay, where all are asked for: one that another program keeps from its processor is waited for.</summary>
    private void Run(int members)
    {
        var areAll = members >= _team.Size;
        _members = areAll ? _pace.Begin() : members;
        if (_members == 1)
        {
            Work(0);
        }
        else
        {
            _team.Run(_work);
        }

        if (areAll)
        {
            _pace.Next(_chunks);
        }
    }

    private void Work(int member)
    {
        if (member < _members)
        {
            var (start, end) = ThreadTeam.Share(_chunks, member, _members);
            var probabilities = new Span<float>(_probabilities, _probabilityCount);
            if (_areFloats)
            {
                _model!.PredictChunks(new ReadOnlySpan<float>(_inputs, _inputCount), probabilities, start, end);
            }
            else
            {
                _model!.PredictChunks(new ReadOnlySpan<byte>(_inputs, _inputCount), probabilities, start, end);
            }
        }
    }
}

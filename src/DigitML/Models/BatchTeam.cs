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
    private readonly Action<int> _work;
    private Mlp? _model;
    private byte* _pixels;
    private int _pixelCount;
    private float* _probabilities;
    private int _probabilityCount;
    private int _chunks;
    private int _members;

    private BatchTeam(int size)
    {
        _team = new ThreadTeam(size);
        _work = Work;
    }

    /// <summary>Predicts chunks on up to <paramref name="members"/> threads; allocates nothing but the passes that each thread takes out.</summary>
    /// <returns>False when the threads are taken; nothing has been done then.</returns>
    public static bool TryPredict(Mlp model, ReadOnlySpan<byte> pixels, Span<float> probabilities, int chunks, int members)
    {
        var shared = s_shared.Value;
        if (!shared._lock.TryEnter())
        {
            return false;
        }

        try
        {
            fixed (byte* source = pixels)
            fixed (float* target = probabilities)
            {
                shared._pixels = source;
                shared._probabilities = target;
                (shared._model, shared._pixelCount, shared._probabilityCount) = (model, pixels.Length, probabilities.Length);
                (shared._chunks, shared._members) = (chunks, Math.Min(members, shared._team.Size));
                shared._team.Run(shared._work);
                shared._model = null;
            }
        }
        finally
        {
            shared._lock.Exit();
        }

        return true;
    }

    private void Work(int member)
    {
        if (member < _members)
        {
            var (start, end) = ThreadTeam.Share(_chunks, member, _members);
            _model!.PredictChunks(new ReadOnlySpan<byte>(_pixels, _pixelCount), new Span<float>(_probabilities, _probabilityCount), start, end);
        }
    }
}

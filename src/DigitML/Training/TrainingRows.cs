using System.Runtime.InteropServices;
using DigitML.Data;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>What the training loop asks of its data, be it pictures of bytes or rows of numbers.</summary>
internal abstract class TrainingRows
{
    /// <summary>In place of a label: the row belongs to no class.</summary>
    public const int NoClass = -1;

    /// <summary>Inputs of the network.</summary>
    public abstract int RowLength { get; }

    /// <summary>Classes told apart.</summary>
    public abstract int ClassCount { get; }

    /// <summary>A hash of all rows.</summary>
    public abstract string Hash { get; }

    /// <summary>Takes one segment of chosen rows into a batch.</summary>
    /// <param name="batch">Begun already.</param>
    /// <param name="segment">Which part of each row.</param>
    /// <param name="order">The rows.</param>
    public abstract void Gather(InputBatch batch, int segment, ReadOnlySpan<int> order);

    /// <summary>Copies the labels of chosen rows, <see cref="NoClass"/> where there is none, and their weights.</summary>
    public abstract void CopyLabels(ReadOnlySpan<int> order, Span<int> labels, Span<float> weights);

    /// <summary>Copies the labels of what was mixed into chosen rows, and its shares; a share of 0 where nothing was.</summary>
    public virtual void CopyMixtures(ReadOnlySpan<int> order, Span<int> labels, Span<float> shares)
    {
        labels.Clear();
        shares.Clear();
    }

    /// <summary>Copies a teacher's answers to chosen rows, [rows, classes]; nothing where there is none.</summary>
    public virtual void CopyAnswers(ReadOnlySpan<int> order, Span<float> answers)
    {
    }

    /// <summary>Which of chosen rows follow one another and have a text together; none where each row has a label of its own.</summary>
    public virtual RowSequence[] SequencesOf(ReadOnlySpan<int> order) => [];
}

/// <summary>Rows of a batch that are a sequence's steps, and what they spell.</summary>
/// <param name="First">The first row's place in the batch.</param>
/// <param name="Count">Rows.</param>
/// <param name="Text">Letters, each a class below the last, which is none.</param>
internal readonly record struct RowSequence(int First, int Count, ReadOnlyMemory<byte> Text);

/// <summary>Pictures as bytes; those from a place on belong to no class.</summary>
internal sealed class ImageRows(LabelledImages images, int classCount, int firstOutlier) : TrainingRows
{
    /// <summary>The pictures.</summary>
    public LabelledImages Images { get; } = images;

    /// <summary>The place of the first picture that belongs to no class.</summary>
    public int FirstOutlier { get; } = firstOutlier;

    public override int RowLength => Images.PixelsPerImage;

    public override string Hash => Images.Hash;

    public override int ClassCount { get; } = classCount;

    /// <summary>For each picture the one that was mixed into it and its share, below 0.5 and 0 for none; null where nothing is mixed.</summary>
    public (int Image, float Share)[]? Mixtures { get; private init; }

    /// <summary>A teacher's probabilities for each picture, [pictures, classes]; null without one.</summary>
    public float[]? Answers { get; init; }

    /// <summary>The same labels with other pixels.</summary>
    /// <param name="pixels">As many; read at each batch.</param>
    /// <param name="mixes">Whether they are mixed.</param>
    /// <param name="answers">Room for a teacher's answers; null without one.</param>
    public ImageRows With(ReadOnlyMemory<byte> pixels, bool mixes, float[]? answers) =>
        new(new LabelledImages(Images.Name, Images.Width, Images.Height, pixels, Images.LabelMemory, Images.IsSynthetic, Images.Details), ClassCount, FirstOutlier)
        {
            Mixtures = mixes ? new (int, float)[Images.Count] : null,
            Answers = answers,
        };

    public override void Gather(InputBatch batch, int segment, ReadOnlySpan<int> order)
    {
        var pixels = Images.Pixels;
        var size = Images.PixelsPerImage;
        var (first, past) = ThreadTeam.Share(size, segment, batch.Segments);
        for (var row = 0; row < order.Length; row++)
        {
            if (row + Prefetch.RowsAhead < order.Length)
            {
                Prefetch.Lines(pixels.Slice((order[row + Prefetch.RowsAhead] * size) + first, past - first));
            }

            batch.Gather(row, segment, pixels.Slice(order[row] * size, size));
        }
    }

    public override void CopyLabels(ReadOnlySpan<int> order, Span<int> labels, Span<float> weights)
    {
        var all = Images.Labels;
        for (var row = 0; row < order.Length; row++)
        {
            labels[row] = order[row] < FirstOutlier ? all[order[row]] : NoClass;
            weights[row] = 1;
        }
    }

    public override void CopyMixtures(ReadOnlySpan<int> order, Span<int> labels, Span<float> shares)
    {
        if (Mixtures is null)
        {
            base.CopyMixtures(order, labels, shares);
            return;
        }

        for (var row = 0; row < order.Length; row++)
        {
            var (image, share) = Mixtures[order[row]];
            (labels[row], shares[row]) = (Images.Labels[image], share);
        }
    }

    public override void CopyAnswers(ReadOnlySpan<int> order, Span<float> answers)
    {
        for (var row = 0; Answers is not null && row < order.Length; row++)
        {
            Answers.AsSpan(order[row] * ClassCount, ClassCount).CopyTo(answers[(row * ClassCount)..]);
        }
    }
}

/// <summary>Rows of numbers: those of one table and, behind them, those of another.</summary>
internal sealed class FeatureRows : TrainingRows
{
    private readonly LabelledFeatures _first;
    private readonly LabelledFeatures? _second;
    private readonly float _weightScale;

    /// <summary>Puts one or two tables of the same width behind each other.</summary>
    /// <param name="first">Trains.</param>
    /// <param name="second">Validates; null for none.</param>
    /// <param name="training">The rows whose weights shall be 1 on average.</param>
    public FeatureRows(LabelledFeatures first, LabelledFeatures? second, ReadOnlySpan<int> training)
    {
        (_first, _second) = (first, second);
        _weightScale = 1;
        if (!first.Weights.IsEmpty)
        {
            var sum = 0.0;
            foreach (var row in training)
            {
                sum += first.Weights[row];
            }

            _weightScale = sum > 0 ? (float)(training.Length / sum) : throw new ArgumentException($"{first.Name}: the weights of all rows that train are 0.");
        }
    }

    public override int RowLength => _first.FeatureCount;

    public override string Hash => _first.Hash + _second?.Hash;

    public override int ClassCount => _first.ClassCount;

    /// <summary>Whether all values are whole numbers from 0 to 255, held as bytes.</summary>
    public bool AreBytes => _first.Blocks.AreBytes && _second?.Blocks.AreBytes != false;

    public override void Gather(InputBatch batch, int segment, ReadOnlySpan<int> order)
    {
        var (first, past) = ThreadTeam.Share(RowLength, segment, batch.Segments);
        for (var row = 0; row < order.Length; row++)
        {
            if (row + Prefetch.RowsAhead < order.Length)
            {
                var (ahead, at) = Find(order[row + Prefetch.RowsAhead]);
                Prefetch.Lines(ahead.AreBytes ? ahead.Bytes(at)[first..past] : MemoryMarshal.AsBytes(ahead.Floats(at)[first..past]));
            }

            var (blocks, index) = Find(order[row]);
            if (blocks.AreBytes)
            {
                batch.Gather(row, segment, blocks.Bytes(index));
            }
            else
            {
                batch.Gather(row, segment, blocks.Floats(index));
            }
        }
    }

    public override void CopyLabels(ReadOnlySpan<int> order, Span<int> labels, Span<float> weights)
    {
        for (var row = 0; row < order.Length; row++)
        {
            var table = order[row] < _first.Count ? _first : _second!;
            var index = order[row] < _first.Count ? order[row] : order[row] - _first.Count;
            labels[row] = table.Labels[index];
            weights[row] = table.Weights.IsEmpty ? 1 : table.Weights[index] * _weightScale;
        }
    }

    /// <summary>Where a row lies.</summary>
    public (FeatureBlocks Blocks, int Index) Find(int row) => row < _first.Count ? (_first.Blocks, row) : (_second!.Blocks, row - _first.Count);
}

using System.Collections;

namespace DigitML.AutoML.Tuning;

/// <summary>Items in their order, each once, any of which is found by its rank: blocks of some hundred, so that neither an insertion nor a look-up goes through all.</summary>
internal sealed class RankedList<T> : IReadOnlyList<T>
    where T : IComparable<T>
{
    private const int LargestBlock = 512;

    private readonly List<List<T>> _blocks = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            foreach (var block in _blocks)
            {
                if (index < block.Count)
                {
                    return block[index];
                }

                index -= block.Count;
            }

            throw new ArgumentOutOfRangeException(nameof(index), index, "There are fewer items.");
        }
    }

    /// <summary>Puts an item in its place, unless it is there.</summary>
    public void Add(T item)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add([]);
        }

        var number = BlockOf(item);
        var block = _blocks[number];
        var place = block.BinarySearch(item);
        if (place >= 0)
        {
            return;
        }

        block.Insert(~place, item);
        Count++;
        if (block.Count > LargestBlock)
        {
            var half = block.Count / 2;
            _blocks.Insert(number + 1, block.GetRange(half, block.Count - half));
            block.RemoveRange(half, block.Count - half);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _blocks.SelectMany(block => block).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first block whose last item is not before the item, else the last.</summary>
    private int BlockOf(T item)
    {
        var (low, high) = (0, _blocks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_blocks[middle][^1].CompareTo(item) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}

/// <summary>A list's items as something else, made when they are asked for.</summary>
internal sealed class Selection<TFrom, T>(IReadOnlyList<TFrom> items, Func<TFrom, T> select) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public T this[int index] => select(items[index]);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => items.Select(select).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Buffers;

namespace DigitML.Web.Http;

/// <summary>A picture that came with a request. Its memory is lent: dispose of it, once, when the picture is read.</summary>
internal sealed class Upload : IDisposable
{
    private const int Smallest = 4_096;

    private readonly BodyBudget _budget;
    private readonly int _limit;
    private byte[] _buffer = [];
    private int _start;

    /// <summary>Creates an empty one.</summary>
    /// <param name="budget">Where its memory is counted.</param>
    /// <param name="limit">Bytes it may have.</param>
    public Upload(BodyBudget budget, int limit)
    {
        _budget = budget;
        _limit = limit;
    }

    /// <summary>What messages and answers call the picture.</summary>
    public string Name { get; set; } = UploadReader.NoName;

    /// <summary>Bytes that have come.</summary>
    public int Length { get; private set; }

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(_start, Length);

    /// <summary>The same as <see cref="Content"/>, to be decoded where it lies.</summary>
    public Span<byte> Bytes => _buffer.AsSpan(_start, Length);

    /// <summary>Adds what came next.</summary>
    /// <exception cref="BadHttpRequestException">413: it is too large; 503: there is no room.</exception>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        var total = Length + bytes.Length;
        if (total > _limit)
        {
            throw UploadReader.TooLarge(_limit);
        }

        if (total > _buffer.Length)
        {
            Grow((int)total);
        }

        bytes.CopyTo(_buffer.AsSpan(Length));
        Length = (int)total;
    }

    /// <summary>Keeps a part and forgets the rest.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    public void Keep(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        _start += start;
        Length = length;
    }

    /// <summary>Forgets what has come, to begin anew.</summary>
    public void Clear() => (_start, Length) = (0, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _budget.Give(_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            Clear();
        }
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, Math.Max(needed, (int)Math.Min(2L * _buffer.Length, _limit))));
        try
        {
            _budget.Take(larger.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw;
        }

        Content.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            _budget.Give(_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}

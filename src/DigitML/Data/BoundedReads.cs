using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// A stream that gives out only so much in all: a few times what it holds. A parser of somebody else's that goes round in circles over a damaged
/// file ends there, which no token could make it do.
/// </summary>
/// <param name="inner">Can seek; stays open.</param>
internal sealed class BoundedReads(Stream inner) : ReadOnlyStream
{
    private const int TimesAtMost = 16;
    private const long Allowance = 1 << 20;

    // A read that gives nothing costs something too.
    private const int LeastCost = 16;

    private long _left = (TimesAtMost * inner.Length) + Allowance;

    public override bool CanSeek => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _left -= Math.Max(LeastCost, read);
        return _left >= 0 ? read : throw new IOException("it is read over and over without an end");
    }

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
}

namespace DigitML.Tests.Data;

/// <summary>Answers requests without a network, and remembers what was asked for.</summary>
internal sealed class FakeServer(Func<Uri, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Uri> Asked { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add(request.RequestUri!);
        return Task.FromResult(answer(request.RequestUri!));
    }
}

/// <summary>Zeros without end.</summary>
internal sealed class EndlessStream(Action<int> sent) : ReadOnlyTestStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.Clear();
        sent(buffer.Length);
        return ValueTask.FromResult(buffer.Length);
    }
}

/// <summary>A reader waits here until it gives up.</summary>
internal sealed class SilentStream(Action? onRead = null) : ReadOnlyTestStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        onRead?.Invoke();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}

internal abstract class ReadOnlyTestStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

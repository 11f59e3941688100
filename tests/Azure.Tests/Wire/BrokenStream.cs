namespace Headgate.Azure.Tests.Wire;

/// <summary>Gives a few bytes, then throws as a broken connection does.</summary>
internal sealed class BrokenStream : Stream
{
    private bool _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Give(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Give(buffer.Span));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Give(Span<byte> buffer)
    {
        if (_given)
            throw new IOException("The connection broke.");
        _given = true;
        "{\"od"u8.CopyTo(buffer);
        return 4;
    }
}

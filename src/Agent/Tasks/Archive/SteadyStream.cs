namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// A file as long as it was when opened: what is appended while it is read stays out, and a file that shrinks fails the read.
/// An entry's header names its length before its content, so the content must keep to it.
/// </summary>
internal sealed class SteadyStream(Stream file) : Stream
{
    private readonly long _length = file.Length;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, _length - _position);
        return Count(wanted, wanted == 0 ? 0 : file.Read(buffer[..wanted]));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, _length - _position);
        return Count(wanted, wanted == 0 ? 0 : await file.ReadAsync(buffer[..wanted], cancellationToken));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => _position = file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int wanted, int read)
    {
        if (wanted > 0 && read == 0)
            throw new FileShrankException();
        _position += read;
        return read;
    }
}

internal sealed class FileShrankException() : IOException("the file became shorter while it was read");

using System.Buffers;
using System.Text;

namespace Headgate.Storage.Log;

/// <summary>
/// Writes numbers seven bits a byte, and texts and blobs after their length. Negative numbers take ten bytes. <see cref="ByteReader"/> reads them back.
/// </summary>
public sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ByteWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public ByteWriter Number(long value)
    {
        var rest = (ulong)value;
        var span = _bytes.GetSpan(10);
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
            span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        _bytes.Advance(length);
        return this;
    }

    public ByteWriter Text(string? value)
    {
        if (value is null)
            return Byte(0);
        var length = Encoding.UTF8.GetByteCount(value);
        Number(length + 1L);
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length)));
        return this;
    }

    public ByteWriter Blob(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(_bytes.GetSpan(value.Length));
        _bytes.Advance(value.Length);
        return this;
    }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Gives what was written and clears the writer.</summary>
    public byte[] Take()
    {
        var written = _bytes.WrittenSpan.ToArray();
        _bytes.ResetWrittenCount();
        return written;
    }
}

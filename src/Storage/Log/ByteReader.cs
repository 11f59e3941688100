using System.Text;

namespace Headgate.Storage.Log;

/// <summary>Reads what <see cref="ByteWriter"/> wrote, in the same order.</summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value;
        }
    }

    public string? Text()
    {
        var length = Number() - 1;
        if (length < 0)
            return null;
        var text = Encoding.UTF8.GetString(_rest[..(int)length]);
        _rest = _rest[(int)length..];
        return text;
    }

    public byte[] Blob()
    {
        var length = (int)Number();
        var value = _rest[..length].ToArray();
        _rest = _rest[length..];
        return value;
    }
}

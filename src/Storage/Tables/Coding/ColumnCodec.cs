using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Headgate.Ports;
using Headgate.Ports.Limits;

namespace Headgate.Storage.Tables.Coding;

/// <summary>
/// Encodes columns: a format byte, the number of columns, then type, name and value of each. Lengths and integers take seven bits a byte
/// (integers zigzag), everything else is little-endian.
/// </summary>
internal static class ColumnCodec
{
    private const byte Format = 1;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    private enum Kind : byte
    {
        Text = 1,
        Int = 2,
        Long = 3,
        Double = 4,
        False = 5,
        True = 6,
        Time = 7,
        Guid = 8,
        Bytes = 9,
    }

    /// <exception cref="ArgumentException">A value's type or size, or a column's name, is not allowed.</exception>
    public static byte[] Encode(Columns columns)
    {
        var buffer = t_buffer ??= new();
        buffer.ResetWrittenCount();
        ColumnLimits.CheckCount(columns.Count);
        buffer.Write([Format]);
        WriteNumber(buffer, (ulong)columns.Count);
        foreach (var (name, value) in columns)
        {
            ColumnLimits.CheckName(name);
            WriteColumn(buffer, name, value);
        }

        ColumnLimits.CheckRow(buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">A newer build wrote the bytes, or they are damaged.</exception>
    /// <param name="data">What <see cref="Encode"/> gave.</param>
    /// <param name="only">The columns to read; null for all.</param>
    public static Columns Decode(ReadOnlySpan<byte> data, IReadOnlyList<string>? only = null)
    {
        if (data.IsEmpty || data[0] != Format)
            throw new InvalidDataException("A row has a format that this build does not know.");
        data = data[1..];
        var count = (int)ReadNumber(ref data);
        var columns = new Columns(Math.Min(count, only?.Count ?? count));
        while (!data.IsEmpty)
        {
            var kind = (Kind)Take(ref data, 1)[0];
            var name = ColumnNames.Get(Take(ref data, (int)ReadNumber(ref data)));
            if (only is null || only.Contains(name))
                columns.Add(name, ReadValue(kind, ref data));
            else
                SkipValue(kind, ref data);
        }

        return columns;
    }

    private static void WriteColumn(ArrayBufferWriter<byte> buffer, string name, object value)
    {
        switch (value)
        {
            case string text:
                ColumnLimits.CheckText(name, text);
                WriteHead(buffer, Kind.Text, name);
                WriteText(buffer, text);
                break;
            case int number:
                WriteHead(buffer, Kind.Int, name);
                WriteNumber(buffer, ZigZag(number));
                break;
            case long number:
                WriteHead(buffer, Kind.Long, name);
                WriteNumber(buffer, ZigZag(number));
                break;
            case double number:
                WriteHead(buffer, Kind.Double, name);
                BinaryPrimitives.WriteDoubleLittleEndian(Reserve(buffer, sizeof(double)), number);
                break;
            case bool flag:
                WriteHead(buffer, flag ? Kind.True : Kind.False, name);
                break;
            case DateTimeOffset time:
                WriteHead(buffer, Kind.Time, name);
                BinaryPrimitives.WriteInt64LittleEndian(Reserve(buffer, sizeof(long)), time.UtcTicks);
                break;
            case Guid guid:
                WriteHead(buffer, Kind.Guid, name);
                guid.TryWriteBytes(Reserve(buffer, 16));
                break;
            case byte[] bytes:
                ColumnLimits.CheckBytes(name, bytes);
                WriteHead(buffer, Kind.Bytes, name);
                WriteNumber(buffer, (ulong)bytes.Length);
                buffer.Write(bytes);
                break;
            default:
                throw new ArgumentException($"Column '{name}' holds a {value.GetType().Name}, which tables do not.", nameof(value));
        }
    }

    private static object ReadValue(Kind kind, ref ReadOnlySpan<byte> data) => kind switch
    {
        Kind.Text => Utf8.GetString(Take(ref data, (int)ReadNumber(ref data))),
        Kind.Int => (int)UnZigZag(ReadNumber(ref data)),
        Kind.Long => UnZigZag(ReadNumber(ref data)),
        Kind.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(ref data, sizeof(double))),
        Kind.False => false,
        Kind.True => true,
        Kind.Time => new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(Take(ref data, sizeof(long))), TimeSpan.Zero),
        Kind.Guid => new Guid(Take(ref data, 16)),
        Kind.Bytes => Take(ref data, (int)ReadNumber(ref data)).ToArray(),
        _ => throw new InvalidDataException("A row holds a column of a type that this build does not know."),
    };

    private static void SkipValue(Kind kind, ref ReadOnlySpan<byte> data)
    {
        switch (kind)
        {
            case Kind.Text or Kind.Bytes:
                Take(ref data, (int)ReadNumber(ref data));
                break;
            case Kind.Int or Kind.Long:
                ReadNumber(ref data);
                break;
            default:
                ReadValue(kind, ref data);
                break;
        }
    }

    private static void WriteHead(ArrayBufferWriter<byte> buffer, Kind kind, string name)
    {
        buffer.Write([(byte)kind]);
        WriteText(buffer, name);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        WriteNumber(buffer, (ulong)Utf8.GetByteCount(text));
        Utf8.GetBytes(text, buffer);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> buffer, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            buffer.Write([(byte)(number | 0x80)]);
        buffer.Write([(byte)number]);
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> data)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref data, 1)[0];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return number;
        }
    }

    private static ulong ZigZag(long number) => (ulong)((number << 1) ^ (number >> 63));

    private static long UnZigZag(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    private static Span<byte> Reserve(ArrayBufferWriter<byte> buffer, int count)
    {
        var span = buffer.GetSpan(count)[..count];
        buffer.Advance(count);
        return span;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int count)
    {
        if ((uint)count > (uint)data.Length)
            throw new InvalidDataException("A row ends in the middle of a column.");
        var taken = data[..count];
        data = data[count..];
        return taken;
    }
}

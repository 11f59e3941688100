using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Headgate.Load.Wire;

/// <summary>Where an HTTP/1.1 answer ends, and no more: the generator must cost less than what it measures.</summary>
internal static class ResponseReader
{
    private const int StatusAt = 9; // After "HTTP/1.1 ".

    /// <param name="bytes">What has arrived, from the first byte of the answer.</param>
    /// <param name="response">Where its parts are; valid where true is returned.</param>
    /// <returns>False while more must arrive.</returns>
    /// <exception cref="UnexpectedAnswerException">This is no answer, or one of a kind the service never gives: chunked, or without a length.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Response response)
    {
        response = default;
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var lines = bytes[..(head + 2)];
        if (!lines.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(lines.Slice(StatusAt, 3), out int status, out _))
            throw new UnexpectedAnswerException($"no HTTP/1.1 answer: {Encoding.Latin1.GetString(lines)}");
        var body = head + 4;
        var length = status == 204 ? 0 : ContentLength(lines);
        response = new(status, body, length);
        return bytes.Length >= response.Total;
    }

    private static int ContentLength(ReadOnlySpan<byte> lines)
    {
        for (var rest = lines[(lines.IndexOf("\r\n"u8) + 2)..]; !rest.IsEmpty;)
        {
            var end = rest.IndexOf("\r\n"u8);
            var line = rest[..end];
            var colon = line.IndexOf((byte)':');
            if (Ascii.EqualsIgnoreCase(line[..Math.Max(colon, 0)], "content-length"u8)
                && Utf8Parser.TryParse(line[(colon + 1)..].Trim((byte)' '), out int length, out _))
                return length;
            rest = rest[(end + 2)..];
        }

        throw new UnexpectedAnswerException($"an answer without a length: {Encoding.Latin1.GetString(lines)}");
    }
}

/// <param name="Status">HTTP status.</param>
/// <param name="Body">Where the body begins.</param>
/// <param name="Length">Bytes of the body.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Response(int Status, int Body, int Length)
{
    public int Total => Body + Length;
}

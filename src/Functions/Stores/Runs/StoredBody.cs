using System.IO.Compression;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>
/// A body in a row: deflated where that pays, cut into parts a table property can hold. Columns <c>body0</c>, <c>body1</c>…,
/// and <c>deflated</c>.
/// </summary>
public static class StoredBody
{
    /// <summary>A binary property holds 64 KiB; some room is left.</summary>
    public const int PartBytes = 60 * 1024;

    /// <summary>Below this, compression costs more time than it saves space.</summary>
    private const int CompressFrom = 1024;

    /// <param name="columns">Where to.</param>
    /// <param name="body">The row's from now on: where it is stored as it is, it is not copied.</param>
    public static void Write(Columns columns, byte[] body)
    {
        var stored = body;
        if (body.Length >= CompressFrom)
        {
            using var buffer = new MemoryStream(body.Length / 2);
            using (var deflate = new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
                deflate.Write(body);
            stored = buffer.ToArray();
            columns["deflated"] = true;
        }

        if (stored.Length <= PartBytes)
        {
            columns["body0"] = stored;
            return;
        }

        for (var (part, at) = (0, 0); at < stored.Length; part++, at += PartBytes)
            columns[$"body{part}"] = stored[at..Math.Min(at + PartBytes, stored.Length)];
    }

    public static byte[] Read(Columns columns)
    {
        var first = columns.Bytes("body0") ?? throw new InvalidDataException("The row has no body.");
        if (columns.Bytes("body1") is null && !columns.Flag("deflated"))
            return first;

        using var stored = new MemoryStream();
        for (var part = 0; columns.Bytes($"body{part}") is { } bytes; part++)
            stored.Write(bytes);
        if (!columns.Flag("deflated"))
            return stored.ToArray();
        stored.Position = 0;
        using var deflate = new DeflateStream(stored, CompressionMode.Decompress);
        using var body = new MemoryStream();
        deflate.CopyTo(body);
        return body.ToArray();
    }
}

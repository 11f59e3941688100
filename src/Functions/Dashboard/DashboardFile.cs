using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Headgate.Functions.Dashboard;

/// <summary>A file of the dashboard, and its compressed forms, each made when it is first asked for.</summary>
/// <param name="mediaType">With its character set.</param>
/// <param name="body">As it stands in the assembly.</param>
public sealed class DashboardFile(string mediaType, byte[] body)
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";

    // A file is compressed once in the life of a process; the highest quality would take ten times as long for a twentieth less.
    private const int Quality = 9;
    private const int Window = 22;

    private readonly Lazy<byte[]> _brotli = new(() => WithBrotli(body));
    private readonly Lazy<byte[]> _gzip = new(() => WithGzip(body));

    public string MediaType => mediaType;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Of the uncompressed form, in hexadecimal.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(body));

    /// <param name="coding"><see cref="Brotli"/>, <see cref="Gzip"/> or null for none.</param>
    public ReadOnlyMemory<byte> As(string? coding) => coding switch
    {
        Brotli => _brotli.Value,
        Gzip => _gzip.Value,
        _ => body,
    };

    /// <summary>A strong ETag: each form has its own.</summary>
    /// <param name="coding">As of <see cref="As"/>.</param>
    public string ETag(string? coding) => $"\"{Hash[..32]}{(coding is null ? "" : "-" + coding)}\"";

    private static byte[] WithBrotli(byte[] body)
    {
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(body.Length));
        try
        {
            return BrotliEncoder.TryCompress(body, room, out var written, Quality, Window) ? room[..written] : throw new InvalidOperationException("Brotli found too little room.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static byte[] WithGzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(body);
        return packed.ToArray();
    }
}

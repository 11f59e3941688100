using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Headgate.Ports;

namespace Headgate.Functions.Security.Audit;

/// <summary>
/// A row's place in its tenant's chain. Its hash covers what the row says, its place, and the hash of the row before it, so that a row can't be
/// changed, taken out or put elsewhere without every later hash being another.
/// </summary>
/// <param name="Sequence">From 1.</param>
/// <param name="Previous">The hash of the row before it, or <see cref="Beginning"/>.</param>
/// <param name="Hash">Its own.</param>
public sealed record AuditLink(long Sequence, byte[] Previous, byte[] Hash)
{
    /// <summary>What the first row follows.</summary>
    public static byte[] Beginning { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Null where the row has no place: it is older than the chain.</summary>
    public static AuditLink? Of(TableRow row) =>
        row.Columns.Long("sequence") is { } sequence && row.Columns.Bytes("previous") is { } previous && row.Columns.Bytes("hash") is { } hash
            ? new AuditLink(sequence, previous, hash)
            : null;

    /// <summary>SHA-256 over previous hash, sequence, time in Unix milliseconds (both eight bytes, the highest first), tenant, actor, action, target, reason and request id, each text in UTF-8 behind its length in bytes in four bytes, -1 for none.</summary>
    public static byte[] HashOf(string tenantId, Columns columns, long sequence, byte[] previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        hash.AppendData(previous);
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, columns.Time("at")?.ToUnixTimeMilliseconds() ?? 0);
        hash.AppendData(number);
        Append(hash, tenantId);
        foreach (var name in AuditEntry.Texts)
            Append(hash, columns.String(name));
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }
}

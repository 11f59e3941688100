using System.Security.Cryptography;
using System.Text;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>What an Idempotency-Key was answered with. Only admissions are remembered; refusals are decided anew each time.</summary>
/// <param name="BodyHash">SHA-256 of the body in hexadecimal: the same key with another body is a mistake of the caller.</param>
/// <param name="Answer">The body, byte for byte.</param>
public sealed record RememberedAnswer(string BodyHash, string RunId, byte[] Answer, DateTimeOffset At);

public static class IdempotencyRow
{
    /// <summary>Row key of a caller's key on one route; the key itself is not stored.</summary>
    public static string Key(string route, string idempotencyKey) =>
        RowKeys.Idempotency(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{route}\n{idempotencyKey}"))));

    public static TableRow Write(string tenantId, string rowKey, RememberedAnswer answer) => new(
        tenantId,
        rowKey,
        new Columns(4) { { "bodyHash", answer.BodyHash }, { "runId", answer.RunId }, { "answer", answer.Answer }, { "at", answer.At } });

    public static RememberedAnswer Read(TableRow row) => new(
        row.Columns.Required("bodyHash"),
        row.Columns.Required("runId"),
        row.Columns.Bytes("answer") ?? [],
        row.Columns.Time("at") ?? DateTimeOffset.MinValue);
}

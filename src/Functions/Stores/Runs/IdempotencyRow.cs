using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>What an Idempotency-Key was answered with. Only admissions are remembered; refusals are decided anew each time.</summary>
/// <param name="BodyHash">SHA-256 of the body in hexadecimal: the same key with another body is a mistake of the caller.</param>
/// <param name="RunId">The run that was admitted, or whatever else the call made.</param>
/// <param name="Answer">The body, byte for byte.</param>
/// <param name="At">When.</param>
/// <param name="DoubtedAt">When that was first found to lie ahead, because the clock had been set back: what is kept longer than an answer from then on is old, whatever its time.</param>
public sealed record RememberedAnswer(string BodyHash, string RunId, byte[] Answer, DateTimeOffset At, DateTimeOffset? DoubtedAt = null)
{
    /// <summary>From when on it is kept; null where all that is known of it lies ahead.</summary>
    public DateTimeOffset? KeptFrom(DateTimeOffset now)
    {
        var from = RunAdvance.IsFromTheFuture(At, now) ? DoubtedAt : At;
        return RunAdvance.IsFromTheFuture(from, now) ? null : from;
    }
}

public static class IdempotencyRow
{
    /// <summary>Row key of a caller's key on one route; the key itself is not stored.</summary>
    public static string Key(string route, string idempotencyKey) =>
        RowKeys.Idempotency(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{route}\n{idempotencyKey}"))));

    public static TableRow Write(string tenantId, string rowKey, RememberedAnswer answer) => new(
        tenantId,
        rowKey,
        new Columns(4)
        {
            { "bodyHash", answer.BodyHash },
            { "runId", answer.RunId },
            { "answer", answer.Answer },
            { "at", answer.At },
            { "doubtedAt", answer.DoubtedAt },
        });

    public static RememberedAnswer Read(TableRow row) => new(
        row.Columns.Required("bodyHash"),
        row.Columns.Required("runId"),
        row.Columns.Bytes("answer") ?? [],
        row.Columns.Time("at") ?? DateTimeOffset.MinValue,
        row.Columns.Time("doubtedAt"));
}

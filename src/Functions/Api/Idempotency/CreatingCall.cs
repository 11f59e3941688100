using System.Security.Cryptography;
using System.Text;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.Idempotency;

/// <summary>A call that makes something, with what the caller gave to have it made once.</summary>
/// <param name="Partition">Where its answer is remembered: the tenant's, or <see cref="RowKeys.Answers"/>.</param>
/// <param name="RowKey">Of the remembered answer; null where no idempotency key was given.</param>
/// <param name="BodyHash">SHA-256 of the body in hexadecimal: the same JSON in another order is another body.</param>
/// <param name="Seal">What seals an answer that shows a secret.</param>
internal sealed record CreatingCall(string Partition, string? RowKey, string BodyHash, byte[] Seal)
{
    /// <param name="request">For its credentials.</param>
    /// <param name="body">As sent.</param>
    /// <param name="tenantId">Whose; null: the platform's.</param>
    /// <param name="route">Which call; its keys are apart from those of others.</param>
    /// <param name="idempotencyKey">Null where none was given.</param>
    public static CreatingCall Of(HttpRequest request, RequestBody body, string? tenantId, string route, string? idempotencyKey) => new(
        tenantId ?? RowKeys.Answers,
        idempotencyKey is null ? null : IdempotencyRow.Key(route, idempotencyKey),
        Convert.ToHexStringLower(SHA256.HashData(body.Utf8.Span)),
        Encoding.UTF8.GetBytes($"{idempotencyKey}\n{request.Headers.Authorization}"));

    /// <summary>As the gate takes it with a run; null where no key was given.</summary>
    public (string RowKey, string BodyHash)? OfRun => RowKey is null ? null : (RowKey, BodyHash);
}

/// <summary>What a call with the same key was answered; a closed set.</summary>
internal abstract record EarlierAnswer
{
    private EarlierAnswer()
    {
    }

    /// <param name="Id">What it made.</param>
    /// <param name="Body">The body, byte for byte.</param>
    public sealed record Known(string Id, byte[] Body) : EarlierAnswer;

    /// <summary>It had another body.</summary>
    public sealed record Mismatch : EarlierAnswer;

    /// <summary>It showed a secret to somebody else.</summary>
    public sealed record Sealed(string Id) : EarlierAnswer;
}

/// <summary>How a call that was sent again is answered.</summary>
internal static class Replays
{
    public const string Header = "Idempotency-Replayed";

    public static Reply Again(Reply first) => first.WithHeader(Header, "true").WithoutChange();
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Functions.Options;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.Keys;

/// <summary>A call that makes a key, with what the caller gave to have it made once.</summary>
/// <param name="RowKey">Of the remembered answer; null where no idempotency key was given.</param>
/// <param name="BodyHash">SHA-256 of the body in hexadecimal.</param>
/// <param name="Seal">What seals the answer.</param>
internal sealed record KeyCall(string TenantId, string? RowKey, string BodyHash, byte[] Seal)
{
    /// <param name="route">Which call; its keys are apart from those of others.</param>
    /// <param name="idempotencyKey">Null where none was given.</param>
    public static KeyCall Of(HttpRequest request, RequestBody body, string tenantId, string route, string? idempotencyKey) => new(
        tenantId,
        idempotencyKey is null ? null : IdempotencyRow.Key(route, idempotencyKey),
        Convert.ToHexStringLower(SHA256.HashData(body.Utf8.Span)),
        Encoding.UTF8.GetBytes($"{idempotencyKey}\n{request.Headers.Authorization}"));
}

/// <summary>
/// Answers that show a new key, for those who send the call again. A key stands nowhere but in its holder's hands, so the answer is kept sealed:
/// only who has both the idempotency key and the credentials of the first call can open it.
/// </summary>
public sealed class KeyAnswers(ITableStore tables, IRandomSource random, BelievedClock believed, HeadgateOptions options)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The stored answer, past its time or not; null where there is none.</summary>
    internal async ValueTask<TableRow?> FindAsync(KeyCall call, CancellationToken cancellationToken) =>
        call.RowKey is null ? null : await tables.GetAsync(Table.Tenants, call.TenantId, call.RowKey, cancellationToken);

    /// <summary>The answer again; null where it is past its time.</summary>
    internal async ValueTask<Reply?> ReplayAsync(KeyCall call, TableRow row, CancellationToken cancellationToken)
    {
        var remembered = IdempotencyRow.Read(row);
        await believed.LearnAsync(tables);
        var now = believed.Now;
        if (remembered.KeptFrom(now.Wall) is { } from && from + options.Admission.IdempotencyKept <= now.Time)
            return null;
        if (remembered.BodyHash != call.BodyHash)
            return Reply.Refused(Refusals.IdempotencyMismatch);
        if (Open(call, remembered.Answer) is not { } answer)
            return Reply.Refused(new Refusal(409, "key-not-shown", "The key was made by an earlier call and is shown to its caller alone").With("keyId", remembered.RunId));
        await CompleteAsync(call, answer, cancellationToken);
        return Created(call.TenantId, remembered.RunId, answer).WithHeader("Idempotency-Replayed", "true").WithoutChange();
    }

    /// <param name="earlier">The row that is past its time; null where there is none.</param>
    /// <returns>Empty where nothing is to be remembered.</returns>
    internal IReadOnlyList<TableWrite> Remember(KeyCall call, TableRow? earlier, string keyId, byte[] answer, DateTimeOffset now)
    {
        if (call.RowKey is null)
            return [];
        var row = IdempotencyRow.Write(call.TenantId, call.RowKey, new RememberedAnswer(call.BodyHash, keyId, Seal(call, answer), now));
        return [earlier is null ? TableWrite.Insert(row) : TableWrite.Replace(row with { ETag = earlier.ETag })];
    }

    internal static byte[] Body(KeyCreated created) => JsonSerializer.SerializeToUtf8Bytes(created, ContractJson.Default.KeyCreated);

    internal static Reply Created(string tenantId, string keyId, byte[] answer) =>
        Reply.Bytes(201, answer).WithHeader("Location", $"/tenants/{tenantId}/keys/{keyId}");

    // The first call may have been cut short between the list and the key itself.
    private async ValueTask CompleteAsync(KeyCall call, byte[] answer, CancellationToken cancellationToken)
    {
        var created = JsonSerializer.Deserialize(answer, ContractJson.Default.KeyCreated)!;
        var hash = ApiKey.TryParse(created.Key, out _, out var secret) ? ApiKey.Hash(secret) : throw new InvalidDataException("The answer shows no key.");
        if (await tables.GetAsync(Table.Keys, created.KeyId, KeyRecord.RowKey, cancellationToken) is not null
            || await tables.GetAsync(Table.Tenants, call.TenantId, RowKeys.KeyOfTenant(created.KeyId), cancellationToken) is not { } listed)
        {
            return;
        }

        var holder = TenantKeyRow.Holder(call.TenantId, listed, created.KeyId);
        var record = new KeyRecord(created.KeyId, holder, hash, listed.Columns.Required("name"), TenantKeyRow.CreatedAt(listed), listed.Columns.Time("expiresAt"));
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow()))), cancellationToken);
    }

    private byte[] Seal(KeyCall call, byte[] answer)
    {
        var sealedAnswer = new byte[NonceBytes + TagBytes + answer.Length];
        var (nonce, tag, text) = Parts(sealedAnswer);
        random.Fill(nonce.Span);
        using var cipher = Cipher(call);
        cipher.Encrypt(nonce.Span, answer, text.Span, tag.Span);
        return sealedAnswer;
    }

    private static byte[]? Open(KeyCall call, byte[] sealedAnswer)
    {
        if (sealedAnswer.Length < NonceBytes + TagBytes)
            return null;
        var (nonce, tag, text) = Parts(sealedAnswer);
        var answer = new byte[text.Length];
        using var cipher = Cipher(call);
        try
        {
            cipher.Decrypt(nonce.Span, text.Span, tag.Span, answer);
            return answer;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Text) Parts(byte[] whole) =>
        (whole.AsMemory(0, NonceBytes), whole.AsMemory(NonceBytes, TagBytes), whole.AsMemory(NonceBytes + TagBytes));

    private static AesGcm Cipher(KeyCall call) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, call.Seal, 32, Encoding.UTF8.GetBytes(call.RowKey!)), TagBytes);
}

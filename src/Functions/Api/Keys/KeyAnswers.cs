using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Keys;

/// <summary>Answers that show a new key of a tenant, also to those who send the call again.</summary>
public sealed class KeyAnswers(ITableStore tables, RememberedAnswers answers)
{
    /// <summary>The answer again; null where there is none, or it is past its time.</summary>
    /// <param name="call">Sent again.</param>
    /// <param name="row">As it was found.</param>
    internal async ValueTask<Reply?> ReplayAsync(CreatingCall call, TableRow? row, CancellationToken cancellationToken)
    {
        switch (await answers.ReadAsync(call, row, showsSecret: true))
        {
            case EarlierAnswer.Mismatch:
                return Reply.Refused(Refusals.IdempotencyMismatch);
            case EarlierAnswer.Sealed(var id):
                return Reply.Refused(Hidden.With("keyId", id));
            case EarlierAnswer.Known(var id, var answer):
                await CompleteAsync(call, answer, cancellationToken);
                return Replays.Again(Created(call.Partition, id, answer));
            default:
                return null;
        }
    }

    /// <summary>The call's own answer, unless that is a refusal for what the same call, sent at the same time, has just made.</summary>
    internal async ValueTask<Reply> AnswerAsync(CreatingCall call, Reply own, CancellationToken cancellationToken) =>
        own.Status >= 400 && await ReplayAsync(call, await answers.FindAsync(call, cancellationToken), cancellationToken) is { } first ? first : own;

    /// <summary>The call's first answer showed a key to somebody else.</summary>
    internal static readonly Refusal Hidden = new(409, "key-not-shown", "The key was made by an earlier call and is shown to its caller alone");

    internal static byte[] Body(KeyCreated created) => JsonSerializer.SerializeToUtf8Bytes(created, ContractJson.Default.KeyCreated);

    internal static Reply Created(string tenantId, string keyId, byte[] answer) =>
        Reply.Bytes(201, answer).WithHeader("Location", $"/tenants/{tenantId}/keys/{keyId}");

    // The first call may have been cut short between the list and the key itself.
    private async ValueTask CompleteAsync(CreatingCall call, byte[] answer, CancellationToken cancellationToken)
    {
        var created = JsonSerializer.Deserialize(answer, ContractJson.Default.KeyCreated)!;
        var hash = ApiKey.TryParse(created.Key, out _, out var secret) ? ApiKey.Hash(secret) : throw new InvalidDataException("The answer shows no key.");
        if (await tables.GetAsync(Table.Keys, created.KeyId, KeyRecord.RowKey, cancellationToken) is not null
            || await tables.GetAsync(Table.Tenants, call.Partition, RowKeys.KeyOfTenant(created.KeyId), cancellationToken) is not { } listed)
        {
            return;
        }

        var holder = TenantKeyRow.Holder(call.Partition, listed, created.KeyId);
        var record = new KeyRecord(created.KeyId, holder, hash, listed.Columns.Required("name"), TenantKeyRow.CreatedAt(listed), listed.Columns.Time("expiresAt"));
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow()))), cancellationToken);
    }
}

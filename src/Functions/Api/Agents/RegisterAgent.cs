using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Api.Keys;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>POST /agents</c>: a new agent and its key, shown once. The same name of the same owner again finds the agent, brings what it said
/// of itself up to date and shows no key.
/// </summary>
public sealed class RegisterAgent(ITableStore tables, AgentReader agents, TenantReader tenants, TenantGate gate, RememberedAnswers answers, IRandomSource random, TimeProvider clock)
{
    private const int RaceTries = 16;
    internal const int MaxCapabilities = 50;
    internal static readonly TextRule ShortText = TextRule.Plain(50);

    [Function(nameof(RegisterAgent))]
    [CheckedInside]
    [Audits(AuditAction.AgentRegistered)]
    [Does("Register an agent"), Takes(typeof(RegisterAgentRequest)), Headers("Idempotency-Key")]
    [Answers(200, typeof(AgentRegistered)), Answers(201, typeof(AgentRegistered), "Location", "Idempotency-Replayed")]
    [Refuses("tenant-not-found being-removed agent-limit key-not-shown idempotency-mismatch busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents")] HttpRequest request,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        var key = IdempotencyKey.Read(request, body.Problems);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var tenantId = reader.String("tenantId", TextRule.TenantId);
        if (await RefuseAsync(context.Caller(), tenantId, reader, cancellationToken) is { } refusal)
            return Reply.Refused(refusal);

        var agent = Read(reader, tenantId);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));
        return (await StoreAsync(CreatingCall.Of(request, body, tenantId, "agents", key), agent, cancellationToken)).About(tenantId);
    }

    private async ValueTask<Refusal?> RefuseAsync(Caller caller, string? tenantId, ObjectReader reader, CancellationToken cancellationToken)
    {
        if (tenantId is null && reader.Has("tenantId"))
            return null;
        // Only the platform makes agents that serve everybody.
        caller = await caller.InAsync(tenantId, cancellationToken);
        if (caller.Refuse(tenantId is null ? Permission.PlatformOperate : Permission.AgentCreate, tenantId) is { } refusal)
            return refusal;
        if (tenantId is null)
            return null;
        return (await tenants.ReadAsync(tenantId, cancellationToken))?.Profile switch
        {
            null => Refusals.TenantNotFound(tenantId),
            { RemovingAt: not null } => Refusals.BeingRemoved(tenantId),
            _ => null,
        };
    }

    private AgentRecord Read(ObjectReader reader, string? tenantId)
    {
        var name = reader.String("name", TextRule.DisplayName, required: true) ?? "";
        return new AgentRecord(
            AgentIds.Of(tenantId, name),
            tenantId,
            name,
            reader.String("os", ShortText, required: true) ?? "",
            reader.String("arch", ShortText, required: true) ?? "",
            reader.String("version", ShortText, required: true) ?? "",
            SubmissionReader.Labels(reader),
            [.. (reader.Strings("capabilities", MaxCapabilities, TextRule.TaskType) ?? []).Distinct(StringComparer.Ordinal)],
            AgentLimits.Default,
            1,
            "",
            clock.GetUtcNow(),
            null);
    }

    private async ValueTask<Reply> StoreAsync(CreatingCall call, AgentRecord agent, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            // In this order: whoever has registered it meanwhile has left the answer before.
            var snapshot = await agents.ReadAsync(agent.AgentId, cancellationToken);
            var earlier = await answers.FindAsync(call, cancellationToken);
            if (await AgainAsync(call, earlier, agent, cancellationToken) is { } again)
                return again;
            if (snapshot is { Agent: var known })
            {
                if (SaysTheSame(agent, known))
                    return Reply.Ok(new AgentRegistered(known.AgentId, null), ContractJson.Default.AgentRegistered);

                var updated = known with { Os = agent.Os, Arch = agent.Arch, Version = agent.Version, Labels = agent.Labels, Capabilities = agent.Capabilities };
                var update = await tables.SubmitAsync(new TableChange(snapshot.ChangeTo(updated)), cancellationToken);
                if (update.Succeeded)
                    return Reply.Ok(new AgentRegistered(known.AgentId, null), ContractJson.Default.AgentRegistered);
                continue;
            }

            if (await TryAsync(call, earlier, agent, cancellationToken) is { } reply)
                return reply;
        }

        return Reply.Refused(Refusals.Busy);
    }

    /// <returns>Null where somebody else registered it meanwhile, or used the key.</returns>
    private async ValueTask<Reply?> TryAsync(CreatingCall call, TableRow? earlier, AgentRecord agent, CancellationToken cancellationToken)
    {
        var (keyId, key, hash) = ApiKey.Generate(random);
        var record = new KeyRecord(keyId, new AgentCaller(agent.AgentId, agent.TenantId), hash, agent.Name, agent.RegisteredAt, null);
        var answer = Reply.BodyOf(new AgentRegistered(agent.AgentId, key), ContractJson.Default.AgentRegistered);
        var remembered = answers.RememberSealed(call, earlier, agent.AgentId, answer, agent.RegisteredAt);
        // The agent's own row last: until it stands the key opens nothing and the registration can be repeated.
        TableBatch[] first =
        [
            new TableBatch(Table.Keys, TableWrite.Upsert(record.ToRow())),
            new TableBatch(Table.AgentsByOwner, TableWrite.Upsert(new TableRow(agent.Owner, agent.AgentId, new Columns { { "name", agent.Name } }))),
        ];
        var last = new TableBatch(Table.Agents, TableWrite.Insert(AgentRow.Write(agent with { KeyId = keyId })));
        if (agent.TenantId is { } tenantId)
        {
            var result = await gate.SubmitAsync(tenantId, new AgentListing(tables, tenantId, agent.AgentId, remembered, first, last));
            if (result.Status == GateStatus.Conflict)
                return null;
            if ((GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refusal)
                return Reply.Refused(refusal);
        }
        else
        {
            TableBatch[] kept = remembered.Count == 0 ? [] : [new TableBatch(Table.Tenants, remembered)];
            if (!(await tables.SubmitAsync(new TableChange([.. first, .. kept, last], []), cancellationToken)).Succeeded)
                return null;
        }

        // Of two that registered it at once, one has lost.
        return await HasKeyAsync(agent.AgentId, keyId, cancellationToken) == true ? Created(agent.AgentId, answer) : null;
    }

    /// <returns>Null where nothing is remembered that still holds.</returns>
    private async ValueTask<Reply?> AgainAsync(CreatingCall call, TableRow? row, AgentRecord agent, CancellationToken cancellationToken)
    {
        switch (await answers.ReadAsync(call, row, showsSecret: true))
        {
            case EarlierAnswer.Mismatch:
                return Reply.Refused(Refusals.IdempotencyMismatch);
            case EarlierAnswer.Sealed(var id):
                return Reply.Refused(KeyAnswers.Hidden.With("agentId", id));
            case EarlierAnswer.Known(var agentId, var answer):
                return await IsMadeAsync(agent, answer, cancellationToken) ? Replays.Again(Created(agentId, answer)) : null;
            default:
                return null;
        }
    }

    // The first call may have been cut short before the agent's own row.
    private async ValueTask<bool> IsMadeAsync(AgentRecord agent, byte[] answer, CancellationToken cancellationToken)
    {
        var keyId = ApiKey.TryParse(JsonSerializer.Deserialize(answer, ContractJson.Default.AgentRegistered)!.Key ?? "", out var id, out _)
            ? id.ToString()
            : throw new InvalidDataException("The answer shows no key.");
        if (await HasKeyAsync(agent.AgentId, keyId, cancellationToken) is { } isTheAgents)
            return isTheAgents;
        // Without its key it was removed since.
        if (await tables.GetAsync(Table.Keys, keyId, KeyRecord.RowKey, cancellationToken) is null)
            return true;
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Agents, TableWrite.Insert(AgentRow.Write(agent with { KeyId = keyId })))), cancellationToken);
        return await HasKeyAsync(agent.AgentId, keyId, cancellationToken) == true;
    }

    /// <returns>Null where there is no such agent.</returns>
    private async ValueTask<bool?> HasKeyAsync(string agentId, string keyId, CancellationToken cancellationToken) =>
        await agents.ReadAsync(agentId, cancellationToken) is { } snapshot ? snapshot.Agent.KeyId == keyId : null;

    private static Reply Created(string agentId, byte[] answer) => Reply.Bytes(201, answer).WithHeader("Location", $"/agents/{agentId}");

    private static bool SaysTheSame(AgentRecord agent, AgentRecord known) =>
        (agent.Os, agent.Arch, agent.Version) == (known.Os, known.Arch, known.Version)
        && agent.Capabilities.SequenceEqual(known.Capabilities)
        && agent.Labels.Count == known.Labels.Count
        && agent.Labels.All(label => known.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

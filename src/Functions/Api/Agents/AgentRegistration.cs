using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// <c>POST /agents</c>: a new agent and its key, shown once. The same name of the same owner again finds the agent, brings what it said
/// of itself up to date and shows no key.
/// </summary>
public sealed class RegisterAgent(ITableStore tables, AgentReader agents, TenantReader tenants, IRandomSource random, TimeProvider clock)
{
    internal const int MaxCapabilities = 50;
    internal static readonly TextRule ShortText = TextRule.Plain(50);

    [Function(nameof(RegisterAgent))]
    [CheckedInside]
    [Audits(AuditAction.AgentRegistered)]
    [Does("Register an agent"), Takes(typeof(RegisterAgentRequest))]
    [Answers(200, typeof(AgentRegistered)), Answers(201, typeof(AgentRegistered), "Location"), Refuses("tenant-not-found being-removed")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents")] HttpRequest request,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
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
        return (await StoreAsync(agent, cancellationToken)).About(tenantId);
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

    private async ValueTask<Reply> StoreAsync(AgentRecord agent, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await agents.ReadAsync(agent.AgentId, cancellationToken) is { Agent: var known } snapshot)
            {
                if (SaysTheSame(agent, known))
                    return Reply.Ok(new AgentRegistered(known.AgentId, null), ContractJson.Default.AgentRegistered);

                var updated = known with { Os = agent.Os, Arch = agent.Arch, Version = agent.Version, Labels = agent.Labels, Capabilities = agent.Capabilities };
                var update = await tables.SubmitAsync(new TableChange(snapshot.ChangeTo(updated)), cancellationToken);
                if (update.Succeeded)
                    return Reply.Ok(new AgentRegistered(known.AgentId, null), ContractJson.Default.AgentRegistered);
                continue;
            }

            var (keyId, key, hash) = ApiKey.Generate(random);
            var record = new KeyRecord(keyId, new AgentCaller(agent.AgentId, agent.TenantId), hash, agent.Name, agent.RegisteredAt, null);
            // The agent's own row last: until it stands the key opens nothing and the registration can be repeated.
            var outcome = await tables.SubmitAsync(
                new TableChange(
                    new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())),
                    new TableBatch(Table.AgentsByOwner, TableWrite.Upsert(new TableRow(agent.Owner, agent.AgentId, new Columns { { "name", agent.Name } }))),
                    new TableBatch(Table.Agents, TableWrite.Insert(AgentRow.Write(agent with { KeyId = keyId })))),
                cancellationToken);
            if (outcome.Succeeded)
                return Reply.Json(201, new AgentRegistered(agent.AgentId, key), ContractJson.Default.AgentRegistered).WithHeader("Location", $"/agents/{agent.AgentId}");
        }
    }

    private static bool SaysTheSame(AgentRecord agent, AgentRecord known) =>
        (agent.Os, agent.Arch, agent.Version) == (known.Os, known.Arch, known.Version)
        && agent.Capabilities.SequenceEqual(known.Capabilities)
        && agent.Labels.Count == known.Labels.Count
        && agent.Labels.All(label => known.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

/// <summary><c>DELETE /agents/{a}</c>: its key ends at once, and what it holds is lost to it and tried elsewhere.</summary>
public sealed class RemoveAgent(ITableStore tables, AgentReader agents, KeyStore keys, AttemptSettler settler, RunWaker waker, AgentDesk desk, TrackRecords records, TimeProvider clock)
{
    [Function(nameof(RemoveAgent))]
    [CheckedInside]
    [Audits(AuditAction.AgentRemoved)]
    [Does("Remove an agent"), Answers(204)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "agents/{agentId}")] HttpRequest request,
        string agentId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var (agent, refusal) = await agents.FindAsync(context.Caller(), Permission.AgentDelete, agentId, cancellationToken);
        if (agent is null)
            return Reply.Refused(refusal!);

        using (await desk.TakeTurnAsync(agentId, cancellationToken))
        {
            // First the key, so that nothing more is handed out; then what it held; its own rows last.
            await tables.SubmitAsync(
                new TableChange(new TableBatch(Table.Keys, TableWrite.DeleteIfExists(agent.Agent.KeyId, KeyRecord.RowKey)), KeyStore.Change(clock.GetUtcNow())), cancellationToken);
            keys.Forget(agent.Agent.KeyId);
            agent = await agents.ReadAsync(agentId, cancellationToken) ?? agent;
            var lost = agent.Held.Select(held => AttemptReport.Lost(agentId, held.TaskId, held.Attempt, "The agent was removed.", held.Confirmed)).ToList();
            var results = await settler.SettleAsync(lost, cancellationToken);
            await waker.WakeAsync(client, results.OfType<ReportResult.Settled>().Select(settled => settled.Run), CancellationToken.None);
            await DeleteRowsAsync(agent.Agent, cancellationToken);
        }

        records.Forget(agentId, agent.Records.Keys);
        desk.Forget(agentId);
        return Reply.NoContent().About(agent.Agent.TenantId);
    }

    private async ValueTask DeleteRowsAsync(AgentRecord agent, CancellationToken cancellationToken)
    {
        var change = new ChangeBuilder();
        var page = await tables.QueryAsync(new TableQuery(Table.Agents, agent.AgentId), cancellationToken);
        foreach (var row in page.Rows)
            change.Add(0, Table.Agents, TableWrite.DeleteIfExists(row.PartitionKey, row.RowKey));
        change.Add(1, Table.AgentsByOwner, TableWrite.DeleteIfExists(agent.Owner, agent.AgentId));
        await tables.SubmitAsync(change.Build(), cancellationToken);
    }
}

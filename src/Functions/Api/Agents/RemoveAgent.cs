using Headgate.Core.Access;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Agents;

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

using Headgate.Core.Agents;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Ports;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// Changes whether agents may be given work. Once a change that keeps one from work stands, no later hand-out to it succeeds: whoever hands out
/// writes the agent's load row, which the change rewrites. Claims held meanwhile end; those of an agent that may be given work again look again.
/// </summary>
public sealed class Standings(ITableStore tables, AgentReader agents, TrackRecords records, AgentDesk desk, HeldClaims held, TimeProvider clock)
{
    /// <param name="agentId">Whose.</param>
    /// <param name="change">The standing from now on, of the agent as it is and the time; may be called again. What it gives back unchanged is not written.</param>
    /// <returns>The agent before and after; null where there is none (any more).</returns>
    public async ValueTask<(AgentSnapshot Before, AgentSnapshot After)?> ChangeAsync(
        string agentId, Func<AgentSnapshot, DateTimeOffset, AgentStanding> change, CancellationToken cancellationToken)
    {
        if (await WriteAsync(agentId, change, cancellationToken) is not { } changed)
            return null;
        var (before, after) = (changed.Before.Agent.Standing.TakesWork, changed.After.Agent.Standing.TakesWork);
        if (before && !after)
            await held.EndAsync(agentId);
        else if (after && !before)
            desk.Free(agentId, changed.After.Agent.Limits.MaxConcurrentTasks);
        return changed;
    }

    private async ValueTask<(AgentSnapshot Before, AgentSnapshot After)?> WriteAsync(
        string agentId, Func<AgentSnapshot, DateTimeOffset, AgentStanding> change, CancellationToken cancellationToken)
    {
        using var turn = await desk.TakeTurnAsync(agentId, cancellationToken);
        while (true)
        {
            if (await agents.ReadAsync(agentId, cancellationToken) is not { } before)
                return null;
            var standing = change(before, clock.GetUtcNow());
            if (standing == before.Agent.Standing)
                return (before, before);
            var agent = before.Agent with { Standing = standing };
            var isReleased = before.Agent.Standing.Quarantine is not null && standing.Quarantine is null;
            var batch = new TableBatch(Table.Agents, [.. before.ChangeTo(agent).Writes, .. isReleased ? Forgiven(before) : []]);
            if (!(await tables.SubmitAsync(new TableChange(batch), cancellationToken)).Succeeded)
                continue;
            records.Forget(agentId, before.Records.Keys);
            return (before, before with { Agent = agent });
        }
    }

    // Otherwise its next failure would put it back.
    private static IEnumerable<TableWrite> Forgiven(AgentSnapshot agent) => agent.Records
        .Where(record => record.Value.Failures > 0)
        .Take(TableBatch.MaxWrites - 2)
        .Select(record => TableWrite.Upsert(TrackRecordRow.Write(agent.Agent.AgentId, record.Key, record.Value.Forgiven())));
}

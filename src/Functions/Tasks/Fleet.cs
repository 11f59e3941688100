using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;

namespace Headgate.Functions.Tasks;

/// <summary>All agents at a moment.</summary>
/// <param name="Agents">Each as it is counted for tasks that wait.</param>
/// <param name="Census">What that was made of, agent by agent in the same order.</param>
/// <param name="At">When they were looked at.</param>
public sealed record FleetSnapshot(IReadOnlyList<AgentProfile> Agents, Census Census, DateTimeOffset At);

/// <summary>
/// Looks at all agents for whoever shows or prefers; nothing that must be right rests on it. Reading them may take a fifth of the time: where it
/// takes long, the last look is used again, for a second at most. Safe for concurrent use.
/// </summary>
public sealed class Fleet(AgentCensus census, AgentDesk desk, HeadgateOptions options, TimeProvider clock) : IDisposable
{
    private const int MaxRows = 20_000;
    private const int ReadingShare = 5;
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Look? _last;

    public async ValueTask<FleetSnapshot> LookAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } read)
                return read;
            var began = clock.GetTimestamp();
            var snapshot = Of(await census.ReadAsync(clock.GetUtcNow(), MaxRows, cancellationToken));
            var use = clock.GetElapsedTime(began) * ReadingShare;
            _last = new(snapshot, began, use < LongestUse ? use : LongestUse);
            return snapshot;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether another agent than the one that a task avoids could take it now.</summary>
    public async ValueTask<bool> HasAnotherAsync(TaskOffer task, CancellationToken cancellationToken) =>
        WaitingReason.Of(task, (await LookAsync(cancellationToken)).Agents.Where(agent => agent.State == AgentState.Online)).Free > 0;

    public void Dispose() => _turn.Dispose();

    private FleetSnapshot? Fresh() => _last is { } last && clock.GetElapsedTime(last.At) < last.Use ? last.Snapshot : null;

    private FleetSnapshot Of(Census read)
    {
        var now = clock.GetUtcNow();
        return new([.. read.Agents.Select(agent => Profile(agent, now))], read, now);
    }

    private AgentProfile Profile(CountedAgent agent, DateTimeOffset now)
    {
        var lastSeen = desk.LastSeen(agent.Offer.AgentId, agent.LastSeenAt);
        return new(
            agent.Offer,
            AgentHealth.StateOf(agent.Standing, AgentHealth.Of(lastSeen, options.Heartbeat.Interval, options.Leases.Duration, now)),
            new AgentLoad(agent.Limits, agent.Held.Select(task => task.Type)),
            [.. agent.Held.Select(task => new HeldTask(task.Type, (now - task.Since)?.TotalSeconds, task.TaskId, task.TenantId))],
            agent.UsualSeconds);
    }

    private sealed record Look(FleetSnapshot Snapshot, long At, TimeSpan Use);
}

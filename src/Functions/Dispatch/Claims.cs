using Headgate.Core.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Microsoft.Extensions.Hosting;

namespace Headgate.Functions.Dispatch;

/// <summary>Answers an agent's claim: never more than it has room for, at once if there is room and work, else when both have come.</summary>
public sealed class Claims(
    AgentReader agents,
    AgentTurns turns,
    FreedSlots slots,
    HandOut handOut,
    IReadyTasks ready,
    AgentPresence presence,
    AttemptDeadlines deadlines,
    HeadgateOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    private const int RaceTries = 8;

    /// <summary>How often a claim without room looks again where another process may have freed a slot.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <returns>The tasks handed out; null where there is no such agent.</returns>
    public async Task<List<TaskRecord>?> ClaimAsync(string agentId, int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        presence.Seen(agentId);
        var freed = slots.Count(agentId);
        var (tasks, snapshot) = await TryAsync(agentId, max, null, cancellationToken);
        var longest = TimeSpan.FromSeconds(options.Claims.MaxWaitSeconds);
        if (tasks is not { Count: 0 } || wait <= TimeSpan.Zero || longest <= TimeSpan.Zero)
            return tasks;

        // A service that stops answers its waiting agents at once.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var started = clock.GetTimestamp();
        var most = wait < longest ? wait : longest;
        var isOwed = false;
        try
        {
            while (most - clock.GetElapsedTime(started) is { Ticks: > 0 } left)
            {
                var (given, isRoomier) = await WaitAsync(snapshot!, freed, left, either.Token);
                presence.Seen(agentId);
                isOwed |= isRoomier;
                if (given is null && (!isRoomier || either.IsCancellationRequested))
                    break;
                freed = slots.Count(agentId);
                (tasks, snapshot) = await TryAsync(agentId, max, given, cancellationToken);
                isOwed &= given is not null || tasks is { Count: 0 };
                if (given is not null || tasks is not { Count: 0 })
                    break;
            }

            return tasks;
        }
        finally
        {
            if (isOwed)
                await PassOnAsync(agentId);
        }
    }

    // The slot this claim was waken for, and did not use, is the next one's. Not on the stack of whoever woke this one: there may be many.
    private async ValueTask PassOnAsync(string agentId)
    {
        await Task.Yield();
        slots.Free(agentId);
    }

    /// <returns>A task, or that there may be more room than there was.</returns>
    private async ValueTask<(TaskOffer? Given, bool IsRoomier)> WaitAsync(AgentSnapshot agent, long freed, TimeSpan left, CancellationToken leaving)
    {
        var load = agent.CountLoad();
        if (load.IsSaturated)
            return (null, await RoomAsync(agent.Agent.AgentId, freed, left, leaving));
        if (!load.IsNarrowed)
            return (await ready.WaitAsync(agent.Agent.ToOffer(), load, left, leaving), false);

        // What it has no room for now it may have room for before the time is over.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        var work = ready.WaitAsync(agent.Agent.ToOffer(), load, left, ended.Token);
        var room = RoomAsync(agent.Agent.AgentId, freed, left, ended.Token).AsTask();
        await Task.WhenAny(work, room);
        await ended.CancelAsync();
        return (await work, await room);
    }

    /// <returns>False when the time is over, or the caller leaves.</returns>
    private async ValueTask<bool> RoomAsync(string agentId, long freed, TimeSpan left, CancellationToken leaving)
    {
        var isShortened = ready.IsShared && left > LookEvery;
        return await slots.WaitAsync(agentId, freed, isShortened ? LookEvery : left, clock, leaving) || (isShortened && !leaving.IsCancellationRequested);
    }

    private async ValueTask<(List<TaskRecord>? Tasks, AgentSnapshot? Agent)> TryAsync(string agentId, int max, TaskOffer? given, CancellationToken cancellationToken)
    {
        // Once a task is taken, the client's leaving must not lose it: from here on the hand-out is finished or undone.
        using var turn = await turns.TakeAsync(agentId, given is null ? cancellationToken : CancellationToken.None);
        List<TaskOffer> taken = given is null ? [] : [given];
        try
        {
            for (var tries = 0; tries < RaceTries; tries++)
            {
                var recent = tries == 0 ? Roomy(agents.Recent(agentId), max) : null;
                if ((recent ?? await agents.ReadAsync(agentId, CancellationToken.None)) is not { } agent)
                {
                    await ReturnAsync(taken);
                    return (null, null);
                }

                var load = agent.CountLoad();
                if (given is not null && load.RoomFor(given.Type) > 0)
                    load.Take(given.Type);
                else
                    await ReturnAsync(taken);
                given = null;
                taken.AddRange(await ready.TakeAsync(agent.Agent.ToOffer(), load, max - taken.Count, CancellationToken.None));
                if (taken.Count == 0)
                    return ([], agent);
                if (await handOut.TryAsync(agent, taken, CancellationToken.None) is { } handedOut)
                {
                    // However long it took: its lease begins now.
                    presence.Seen(agentId);
                    deadlines.Assigned(agentId, handedOut);
                    return (handedOut, agent);
                }

                taken.Clear();
            }

            return ([], await agents.ReadAsync(agentId, CancellationToken.None));
        }
        catch
        {
            // A task that was handed out all the same is not ready any more: whoever takes it next drops it.
            await ReturnAsync(taken);
            throw;
        }
    }

    // What a remembered agent has no room for is decided on its rows as they are now.
    private static AgentSnapshot? Roomy(AgentSnapshot? agent, int max) =>
        agent is not null && (!agent.Held.Any() || (agent.Agent.Limits.TypeLimits.Count == 0 && agent.CountLoad().AvailableSlots >= max)) ? agent : null;

    private async ValueTask ReturnAsync(List<TaskOffer> taken)
    {
        foreach (var offer in taken)
            await ready.ReturnAsync(offer);
        taken.Clear();
    }
}

using Headgate.Core.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// Answers an agent's claim: never more than it has room for, at once if there is room and work, else when both have come. An agent that is
/// kept from work has no room.
/// </summary>
public sealed class Claims(
    AgentReader agents,
    AgentDesk desk,
    HandOut handOut,
    IReadyTasks ready,
    HeldClaims held,
    Metrics metrics,
    Arrangement arrangement,
    HeadgateOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<Claims> logger)
{
    private const int RaceTries = 8;

    /// <summary>How often a claim without room looks again where another process may have freed a slot.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="agentId">Who claims.</param>
    /// <param name="session">Which of its processes; null where it does not name itself.</param>
    /// <param name="max">At most so many tasks.</param>
    /// <param name="wait">The longest the answer may be held.</param>
    public async Task<ClaimOutcome> ClaimAsync(string agentId, string? session, int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        var claim = new Claim(agentId, session, max);
        var longest = TimeSpan.FromSeconds(options.Claims.MaxWaitSeconds);
        var most = wait < longest ? wait : longest;
        if (most <= TimeSpan.Zero)
            return (await FirstAsync(claim, cancellationToken)).Outcome;

        using var hold = held.Hold(agentId);
        var freed = desk.FreedSlots(agentId);
        var (outcome, snapshot) = await FirstAsync(claim, cancellationToken);
        if (!IsEmpty(outcome))
            return outcome;

        // A service that stops answers its waiting agents at once.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping, hold.Ended);
        var started = clock.GetTimestamp();
        var isOwed = false;
        try
        {
            while (most - clock.GetElapsedTime(started) is { Ticks: > 0 } left)
            {
                var (given, isRoomier) = await WaitAsync(snapshot!, freed, left, either.Token);
                desk.Heard(agentId, session);
                isOwed |= isRoomier;
                if (given is null && (!isRoomier || either.IsCancellationRequested))
                    break;
                freed = desk.FreedSlots(agentId);
                (outcome, snapshot) = await TryAsync(claim, given, cancellationToken);
                isOwed &= given is not null || outcome is not ClaimOutcome.Given { Tasks.Count: > 0 };
                if (given is not null || !IsEmpty(outcome))
                    break;
            }

            return outcome;
        }
        finally
        {
            if (isOwed)
                await PassOnAsync(agentId);
        }
    }

    private async ValueTask<(ClaimOutcome Outcome, AgentSnapshot? Agent)> FirstAsync(Claim claim, CancellationToken cancellationToken)
    {
        var (outcome, agent) = await TryAsync(claim, null, cancellationToken);
        if (IsEmpty(outcome) && agent is { Agent.Standing.TakesWork: true } && agent.CountLoad().IsSaturated)
        {
            metrics.ClaimedWithoutRoom();
            logger.AgentIsFull(claim.AgentId);
        }

        return (outcome, agent);
    }

    // The slot this claim was woken for, and did not use, is the next one's. Not on the stack of whoever woke this one: there may be many.
    private async ValueTask PassOnAsync(string agentId)
    {
        await Task.Yield();
        desk.Free(agentId);
    }

    /// <returns>A task, or that there may be more room than there was.</returns>
    private async ValueTask<(TaskOffer? Given, bool IsRoomier)> WaitAsync(AgentSnapshot agent, long freed, TimeSpan left, CancellationToken leaving)
    {
        var load = agent.CountLoad();
        if (load.IsSaturated || !agent.Agent.Standing.TakesWork)
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
        var isShortened = !arrangement.IsAlone && left > LookEvery;
        return await desk.WaitForSlotAsync(agentId, freed, isShortened ? LookEvery : left, leaving) || (isShortened && !leaving.IsCancellationRequested);
    }

    private async ValueTask<(ClaimOutcome Outcome, AgentSnapshot? Agent)> TryAsync(Claim claim, TaskOffer? given, CancellationToken cancellationToken)
    {
        var (agentId, session, max) = claim;
        // Once a task is taken, the client's leaving must not lose it: from here on the hand-out is finished or undone.
        using var turn = await desk.TakeTurnAsync(agentId, given is null ? cancellationToken : CancellationToken.None);
        List<TaskOffer> taken = given is null ? [] : [given];
        try
        {
            for (var tries = 0; tries < RaceTries; tries++)
            {
                var recent = tries == 0 ? Usable(agents.Recent(agentId), claim) : null;
                var agent = recent ?? await agents.ReadAsync(agentId, CancellationToken.None);
                // A hand-out rewrites the load row, so that another process which takes the agent meanwhile is found out.
                if (agent is null || !IsAllowed(agent, session))
                {
                    await ReturnAsync(taken);
                    return (agent is null ? new ClaimOutcome.NotFound() : new ClaimOutcome.InUse(), null);
                }

                desk.Seen(agentId, session);
                if (!agent.Agent.Standing.TakesWork)
                {
                    await ReturnAsync(taken);
                    return (new ClaimOutcome.Given([]), agent);
                }

                var load = agent.CountLoad();
                if (given is not null && load.RoomFor(given.Type) > 0)
                    load.Take(given.Type);
                else
                    await ReturnAsync(taken);
                given = null;
                taken.AddRange(await ready.TakeAsync(agent.Agent.ToOffer(), load, max - taken.Count, CancellationToken.None));
                if (taken.Count == 0)
                    return (new ClaimOutcome.Given([]), agent);
                // What was taken may be kept back by now, while there is other work.
                if (await handOut.TryAsync(agent, taken, CancellationToken.None) is { Count: > 0 } handedOut)
                {
                    // However long it took: its lease begins now.
                    desk.Seen(agentId, session);
                    desk.Assigned(agentId, handedOut);
                    logger.TasksHandedOut(agentId, handedOut.Count);
                    return (new ClaimOutcome.Given(handedOut), agent);
                }

                taken.Clear();
            }

            return await agents.ReadAsync(agentId, CancellationToken.None) is { } last ? (new ClaimOutcome.Given([]), last) : (new ClaimOutcome.NotFound(), null);
        }
        catch
        {
            // A task that was handed out all the same is not ready any more: whoever takes it next drops it.
            await ReturnAsync(taken);
            throw;
        }
    }

    private static bool IsEmpty(ClaimOutcome outcome) => outcome is ClaimOutcome.Given { Tasks.Count: 0 };

    private static bool IsAllowed(AgentSnapshot agent, string? session) => agent.Load?.AllowsClaimOf(session) ?? true;

    // What a remembered agent has no room for, or not for this process of it, is decided on its rows as they are now.
    private static AgentSnapshot? Usable(AgentSnapshot? agent, Claim claim) =>
        agent is not null && IsAllowed(agent, claim.Session)
        && (!agent.Held.Any() || (agent.Agent.Limits.TypeLimits.Count == 0 && agent.CountLoad().AvailableSlots >= claim.Max)) ? agent : null;

    private async ValueTask ReturnAsync(List<TaskOffer> taken)
    {
        foreach (var offer in taken)
            await ready.ReturnAsync(offer);
        taken.Clear();
    }

    private readonly record struct Claim(string AgentId, string? Session, int Max);
}

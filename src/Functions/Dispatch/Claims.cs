using Headgate.Core.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Microsoft.Extensions.Hosting;

namespace Headgate.Functions.Dispatch;

/// <summary>Answers an agent's claim: never more than it has room for, at once if there is work, else when some comes.</summary>
public sealed class Claims(
    AgentReader agents, AgentTurns turns, HandOut handOut, IReadyTasks ready, AgentPresence presence, HeadgateOptions options, IHostApplicationLifetime lifetime)
{
    private const int RaceTries = 8;

    /// <returns>The tasks handed out; null where there is no such agent.</returns>
    public async Task<List<TaskRecord>?> ClaimAsync(string agentId, int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        presence.Seen(agentId);
        var (tasks, snapshot) = await TryAsync(agentId, max, null, cancellationToken);
        var longest = TimeSpan.FromSeconds(options.Claims.MaxWaitSeconds);
        if (tasks is not { Count: 0 } || wait <= TimeSpan.Zero || longest <= TimeSpan.Zero)
            return tasks;

        var load = snapshot!.CountLoad();
        if (load.IsSaturated)
            return tasks;
        // A service that stops answers its waiting agents at once.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var given = await ready.WaitAsync(snapshot.Agent.ToOffer(), load, wait < longest ? wait : longest, either.Token);
        presence.Seen(agentId);
        return given is null ? tasks : (await TryAsync(agentId, max, given, cancellationToken)).Tasks;
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
                    return (handedOut, agent);
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

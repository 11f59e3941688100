using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>The acts of a seed of real agents, in order.</summary>
/// <param name="isGentle">No agent stops, and none is cut off for long: all work must be done as if there were no proxy, and no copy.</param>
internal sealed class AgentStage(World world, IReadOnlyList<RealAgent> agents, AnsweringProxy proxy, ManualClock clock, bool isGentle)
{
    private const int Stopped = 0;
    private const int NotAuthorised = 3;

    /// <summary>So many hand-outs that never arrived cost a task nothing.</summary>
    private const int FreeReturns = 3;

    /// <summary>An agent that is not heard of for less is followed by no other process, and keeps its tasks.</summary>
    private static readonly TimeSpan s_shortSilence = TimeSpan.FromSeconds(14);

    /// <summary>More than any wait of agents and service.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(40);

    private readonly AgentWatch _watch = new(world);
    private readonly Cast _cast = new(world);

    private bool IsUnbroken => world.Sightings.BrokenInvariants.Count == 0;

    public async Task PlayAsync()
    {
        world.Sightings.Note($"gentle: {isGentle}");
        proxy.Overhearer = _watch;
        var acts = ActsAsync();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!acts.IsCompleted)
        {
            // Time must not run away from calls that are under way, or each would look late; but some of them wait for a moment of it.
            clock.Advance(TimeSpan.FromMilliseconds(proxy.Open == 0 ? 100 : 4));
            await tick.WaitForNextTickAsync();
        }

        await acts;
    }

    private async Task ActsAsync()
    {
        foreach (var agent in agents)
            _ = agent.Start().Ended;
        try
        {
            await DisturbAsync();
            await SettleAsync();
        }
        finally
        {
            (proxy.OneIn, proxy.Outage) = (0, null);
            foreach (var life in agents.SelectMany(agent => agent.Live))
                await EndAsync(life);
        }
    }

    private async Task DisturbAsync()
    {
        for (var step = world.Chance.Between(20, 50); step > 0 && IsUnbroken; step--)
        {
            if (world.Chance.OneIn(6))
                proxy.OneIn = world.Chance.Of(0, 2, 3, 6, 15);
            if (world.Chance.OneIn(15))
                await FailAsync();
            if (world.Chance.OneIn(5))
                await MeddleAsync(world.Chance.Of(agents));
            await Task.WhenAll([.. world.Chance.Shuffled(_cast.Actors).Take(world.Chance.Between(1, _cast.Actors.Count)).Select(actor => actor.StepAsync())]);
            await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Between(50, 2500)), clock);
            NoneHasGivenUp();
        }
    }

    // While it is deployed, or its gateway is, everybody gets the same.
    private async Task FailAsync()
    {
        proxy.Outage = world.Chance.Of(ForeignAnswer.All);
        world.Sightings.Note($"everybody is answered {proxy.Outage.Status}");
        await Task.Delay(TimeSpan.FromSeconds(isGentle ? world.Chance.Between(1, 6) : world.Chance.Between(1, 60)), clock);
        proxy.Outage = null;
    }

    private async Task MeddleAsync(RealAgent agent)
    {
        var life = world.Chance.Of(agent.Live);
        var what = isGentle ? world.Chance.Between(1, 2) : world.Chance.Between(1, 5);
        world.Sightings.Note($"{what} becomes of {life.Name}");
        switch (what)
        {
            case 1 when agent.Live.Count < 3:
                _ = (await agent.StartCopyAsync(life)).Ended;
                break;
            case 2 when agent.Live.Count > 1:
                await EndAsync(agent.Live[^1]);
                break;
            case 3:
                await agent.KillAsync(life);
                _ = agent.StartOn(life.State).Ended;
                break;
            case 4:
                await EndAsync(life);
                _ = agent.StartOn(life.State).Ended;
                break;
            case 5:
                _ = (await agent.StartCopyAsync(life)).Ended;
                await EndAsync(life);
                break;
        }
    }

    private async Task SettleAsync()
    {
        (proxy.OneIn, proxy.Outage) = (0, null);
        if (!IsUnbroken)
            return;
        var due = clock.GetUtcNow() + s_longest;
        await _cast.SettleAsync(wait: 0, oneAgentIsGone: false, between: async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), clock);
            NoneHasGivenUp();
            return clock.GetUtcNow() < due;
        });
        if (!IsUnbroken)
            return;
        foreach (var agent in agents)
            await NothingIsHeldAsync(agent);
        if (isGentle && agents.All(agent => _watch.LongestSilence(agent.Id) < s_shortSilence))
            await NothingIsSpentAsync();
        if (world.Chance.OneIn(3))
            await RemoveAsync(world.Chance.Of(agents));
    }

    private async Task NothingIsHeldAsync(RealAgent agent)
    {
        var due = clock.GetUtcNow() + s_longest;
        while ((int?)(await world.Operator.GetAsync($"/agents/{agent.Id}/load"))?.Body?["currentTasksCount"] != 0)
        {
            if (!world.Sightings.Holds(clock.GetUtcNow() < due, () => $"{agent.Id} holds a task though all runs have ended"))
                return;
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
        }
    }

    /// <summary>What agents did succeeded, each task by one attempt, but for what never reached its agent.</summary>
    private async Task NothingIsSpentAsync()
    {
        foreach (var run in world.Runs.All.Where(run => !run.CancelAsked && run.Name.StartsWith(run.TenantId, StringComparison.Ordinal)))
        {
            var view = (await world.Operator.GetAsync(run.Path))!.Body!;
            foreach (var task in view["tasks"]!.AsArray())
            {
                var outcomes = task!["attempts"]!.AsArray().Select(attempt => (string?)attempt!["outcome"]).ToList();
                var isWhole = outcomes.Count(outcome => outcome == "released") >= FreeReturns || (outcomes.TrueForAll(outcome => outcome is "success" or "released") && (string)task["status"]! == "completed");
                world.Sightings.Holds(isWhole, () => $"{task["taskId"]} lost attempts though no agent was silent: {view.ToJsonString()}");
            }
        }

        foreach (var life in agents.SelectMany(agent => agent.Lives))
            world.Sightings.Holds(!life.Log.Contains(" result-refused ", StringComparison.Ordinal), () => $"{life.Name} dropped a result:\n{life.Log}");
    }

    /// <summary>What the service itself says of an agent ends it.</summary>
    private async Task RemoveAsync(RealAgent agent)
    {
        await world.Operator.SendAsync("DELETE", $"/agents/{agent.Id}");
        foreach (var life in agent.Live)
        {
            var exitCode = await life.Ended.WaitAsync(s_longest, clock);
            world.Sightings.Holds(exitCode == NotAuthorised, () => $"{life.Name} was removed and ended with {exitCode}:\n{life.Log}");
            await life.StopAsync();
        }
    }

    private async Task EndAsync(AgentLife life)
    {
        var isSelfMade = life.HasGivenUp;
        var exitCode = await life.StopAsync();
        world.Sightings.Holds(isSelfMade || exitCode == Stopped, () => $"{life.Name} was stopped and ended with {exitCode}:\n{life.Log}");
    }

    private void NoneHasGivenUp()
    {
        foreach (var life in agents.SelectMany(agent => agent.Live))
            world.Sightings.Holds(!life.HasGivenUp, () => $"{life.Name} ended by itself with {life.Ended.Result}:\n{life.Log}");
    }
}

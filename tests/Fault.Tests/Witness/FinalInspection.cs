using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Actors;

namespace Headgate.Fault.Tests.Witness;

/// <summary>What must hold of a service at rest, whatever happened before: nothing lost, nothing twice, every slot back.</summary>
internal sealed class FinalInspection(World world, IReadOnlyList<Submission> submissions)
{
    public async Task RunAsync()
    {
        foreach (var tenant in world.Tenants)
            await InspectAsync(tenant);
    }

    /// <summary>No agent holds a task any more. A reservation whose hand-out failed, and its undoing too, goes with the agent's lease.</summary>
    public async Task<bool> NothingIsHeldAsync()
    {
        foreach (var agent in world.Agents)
        {
            if (await agent.LoadAsync() != 0)
                return false;
        }

        return true;
    }

    /// <summary>No task is offered any more. A row that was left in a pool goes with the claim that meets it.</summary>
    public async Task<bool> NothingIsReadyAsync()
    {
        foreach (var agent in world.Agents)
            await agent.WorkAsync(wait: 0);
        var queues = await world.Operator.GetAsync("/queues");
        return queues?.Status == HttpStatusCode.OK && (int)queues.Body!["tasks"]!["depth"]! == 0;
    }

    /// <summary>Exactly as many runs as the limit allows are accepted; their cancelling gives every slot back.</summary>
    /// <param name="supervisor">Reads the runs.</param>
    /// <param name="patiently">Repeats until it holds, and gives up in the end.</param>
    public async Task FillAndEmptyAsync(Supervisor supervisor, Func<Func<Task<bool>>, string, Task> patiently)
    {
        var tenant = world.Chance.Of(world.Tenants.Where(each => each is { Limit: < 10, Queue: 0 }).ToList());
        var runs = new List<AcceptedRun>();
        for (var i = 0; i <= tenant.Limit; i++)
        {
            // Nobody takes this type: the runs stay.
            var body = new JsonObject { ["name"] = $"full-{i}", ["tasks"] = new JsonArray(Bodies.Task("t0", "nobody-takes-it")) };
            var reply = await tenant.Line.SendAsync("POST", $"{tenant.Path}/runs", body);
            var wanted = i < tenant.Limit ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests;
            if (!world.Sightings.Holds(reply?.Status == wanted, () => $"run {i + 1} of an idle tenant with a limit of {tenant.Limit} was answered {reply?.Body?.ToJsonString()}"))
                return;
            if (i == tenant.Limit)
                break;
            world.Runs.Accept(tenant.Id, reply!.RunId, $"full-{i}");
            runs.Add(world.Runs.All.Single(run => run.RunId == reply.RunId));
        }

        foreach (var run in runs)
            await world.Operator.SendAsync("POST", run.Path + "/cancel");
        foreach (var run in runs)
            await patiently(async () => await supervisor.ReadAsync(run) && run.Ended is not null, $"cancelled run {run.RunId} does not end");
        await patiently(async () => (int?)(await world.Operator.GetAsync(tenant.Path))?.Body?["inFlight"] == 0, $"a slot of {tenant.Id} does not come back");
    }

    private async Task InspectAsync(Tenant tenant)
    {
        var view = (await world.Operator.GetAsync(tenant.Path))?.Body;
        var runs = await tenant.Line.ListAsync($"{tenant.Path}/runs");
        var letters = await tenant.Line.ListAsync($"{tenant.Path}/dead-letters");
        if (!world.Sightings.Holds(view is not null && runs is not null && letters is not null, () => $"{tenant.Id} can't be read"))
            return;
        var sent = submissions.ToDictionary(submission => submission.Name, StringComparer.Ordinal);
        foreach (var byName in runs!.GroupBy(run => (string)run["name"]!, StringComparer.Ordinal))
            world.Sightings.Holds(byName.Count() == 1 && sent.ContainsKey(byName.Key), () => $"submission {byName.Key} made {byName.Count()} runs");
        var listed = runs!.Select(run => (string)run["runId"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var accepted in world.Runs.All.Where(run => run.TenantId == tenant.Id))
            world.Sightings.Holds(listed.Contains(accepted.RunId), () => $"run {accepted.RunId} was accepted and is not in the list");

        world.Sightings.Holds((int)view!["inFlight"]! == 0, () => $"{tenant.Id} has {view["inFlight"]} in flight though all its runs have ended");
        world.Sightings.Holds((int)view["waitingRuns"]! == 0, () => $"{tenant.Id} has {view["waitingRuns"]} waiting though all its runs have ended");
        // One that was cancelled while it waited for a slot counts in no month.
        var least = tenant.Queue == 0 ? runs!.Count : runs!.Count(run => (string)run["status"]! != "cancelled");
        world.Sightings.Holds(!world.IsSteady || ((int)view["runsThisMonth"]! is var counted && counted >= least && counted <= runs!.Count), () => $"{tenant.Id} counts {view["runsThisMonth"]} runs and has {runs!.Count}");
        var dead = new List<string>();
        foreach (var runId in listed)
        {
            if ((await world.Operator.GetAsync($"{tenant.Path}/runs/{runId}"))?.Body is { } run)
                new RunInspection(world, tenant, run).Check(dead);
            else
                world.Sightings.Broken($"run {runId} can't be read");
        }

        var kept = letters!.Select(letter => (string)letter["taskId"]!).Order(StringComparer.Ordinal).ToList();
        world.Sightings.Holds(kept.SequenceEqual(dead.Order(StringComparer.Ordinal)), () => $"dead letters of {tenant.Id} are [{string.Join(", ", kept)}], its dead tasks [{string.Join(", ", dead)}]");
    }
}

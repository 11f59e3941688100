using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors;

/// <summary>An agent that works, fails, answers twice, forgets, goes silent, comes back, and tells what is not so.</summary>
internal sealed class FaultyAgent(World world, string id, int slots, string? tenant, Line line, Chance chance) : IActor
{
    private readonly List<JsonNode> _held = [];
    private readonly List<JsonNode> _ghosts = [];
    private readonly Results _results = new(world, id, line, chance);
    private int _session;
    private int _silent;

    public string Id => id;

    public async Task StepAsync()
    {
        if (_silent > 0)
        {
            _silent--;
            return;
        }

        switch (chance.Between(1, 16))
        {
            case <= 5:
                await ClaimAsync(chance.Between(1, 4), world.ClaimWait);
                break;
            case <= 9 when _held.Count > 0:
                await ReportAsync(chance.Of(_held));
                break;
            case 10 when _held.Count > 0:
                await _results.SendTogetherAsync(Take());
                break;
            case 11:
                await _results.LieAsync(_ghosts);
                break;
            case 12:
                Vanish();
                break;
            case 13:
                await LoadAsync();
                break;
            default:
                await BeatAsync(chance.OneIn(6));
                break;
        }
    }

    /// <summary>From now on it only works: gives up what it held, takes what there is, and tells the truth.</summary>
    public async Task WorkAsync(int wait)
    {
        if (_silent >= 0)
        {
            Vanish();
            _silent = -1;
        }

        await BeatAsync(forgetful: false);
        await ClaimAsync(slots, wait);
        foreach (var task in _held.ToList())
        {
            if (await _results.SendAsync(task, "success"))
                _held.Remove(task);
        }
    }

    /// <summary>How many tasks the service thinks it holds; null where it does not say.</summary>
    public async Task<int?> LoadAsync()
    {
        var reply = await world.Operator.GetAsync($"/agents/{id}/load");
        if (reply is null || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the load of {id} was answered {(int)reply.Status}"))
            return null;
        var count = (int)reply.Body!["currentTasksCount"]!;
        world.Sightings.Holds(count <= slots, () => $"{id} holds {count} tasks; it takes {slots}");
        return count;
    }

    private async Task ClaimAsync(int max, int wait)
    {
        var standings = world.Tenants.ToDictionary(each => each.Id, each => each.Standing, StringComparer.Ordinal);
        var reply = await line.SendAsync("POST", $"/agents/{id}/tasks/claim", new JsonObject { ["max"] = max, ["waitSeconds"] = wait });
        if (reply is null)
        {
            _results.MayHold = true;
            return;
        }

        if (!world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the claim of {id} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            return;
        var tasks = reply.Body!["tasks"]!.AsArray();
        world.Sightings.Holds(tasks.Count <= Math.Min(max, slots), () => $"{id} asked for {max} and has {slots} slots, and got {tasks.Count} tasks");
        foreach (var task in tasks)
        {
            var owner = world.Tenants.Single(each => each.Id == (string)task!["tenantId"]!);
            world.Sightings.Holds(tenant is null || tenant == owner.Id, () => $"{id} of {tenant} was given a task of {owner.Id}");
            world.Sightings.Holds(!(standings[owner.Id].IsPaused && owner.Still(standings[owner.Id])), () => $"{id} was given {task!["taskId"]} of {owner.Id} after a pause");
            world.Attempts.HandedOut(id, task!);
            if (_held.Find(held => (string)held["taskId"]! == (string)task!["taskId"]!) is { } earlier)
                _ghosts.Add(Take(earlier));
            _held.Add(task!.DeepClone());
        }
    }

    private async Task ReportAsync(JsonNode task)
    {
        var status = chance.Of("success", "success", "success", "failure", "failure", "refused", "cancelled");
        if (chance.OneIn(3))
            await Task.WhenAll(_results.SendAsync(task, status), _results.SendAsync(task, chance.Of("success", "failure")));
        else if (!await _results.SendAsync(task, status) && chance.OneIn(2))
            return;
        _held.Remove(task);
        _ghosts.Add(task);
    }

    private async Task BeatAsync(bool forgetful)
    {
        if (forgetful && _held.Count > 0)
            _ghosts.Add(Take(chance.Of(_held)));
        var running = _held.Select(task => (JsonNode)new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]! }).ToList();
        var reply = await line.SendAsync("POST", $"/agents/{id}/heartbeat", new JsonObject
        {
            ["version"] = "1",
            ["os"] = "linux",
            ["uptimeSeconds"] = 1,
            ["session"] = $"s{_session}",
            ["running"] = new JsonArray([.. running]),
        });
        if (reply is null || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the heartbeat of {id} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            return;
        var lost = reply.Body!["lost"]!.AsArray().Select(taskId => (string)taskId!).ToHashSet(StringComparer.Ordinal);
        foreach (var task in _held.Where(task => lost.Contains((string)task["taskId"]!)).ToList())
            _ghosts.Add(Take(task));
        var cancel = reply.Body["cancel"]!.AsArray().Select(taskId => (string)taskId!).ToHashSet(StringComparer.Ordinal);
        foreach (var task in _held.Where(task => cancel.Contains((string)task["taskId"]!) && chance.OneIn(2)).ToList())
            await _results.SendAsync(Take(task), "cancelled");
    }

    // The process ends; what comes back knows nothing of before, or everything.
    private void Vanish()
    {
        _ghosts.AddRange(_held);
        _held.Clear();
        _session++;
        _silent = chance.Between(1, 10);
    }

    private JsonNode Take(JsonNode task)
    {
        _held.Remove(task);
        return task;
    }

    private List<JsonNode> Take()
    {
        var taken = _held.ToList();
        _ghosts.AddRange(taken);
        _held.Clear();
        return taken;
    }
}

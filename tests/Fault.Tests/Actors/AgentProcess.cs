using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Actors;

/// <summary>One process of an agent. Others may use the same identity at the same time; what this one does, it does one thing after the other.</summary>
/// <param name="session">What it calls itself in its heartbeats; null: it does not say.</param>
/// <param name="isNamed">Whether it names itself in every call.</param>
/// <param name="line">Of the agent.</param>
internal sealed class AgentProcess(World world, AgentTraits agent, string? session, bool isNamed, Line line, Chance chance)
{
    private readonly Line _line = line.Of(isNamed ? session : null);
    private readonly Results _results = new(world, agent, line.Of(isNamed ? session : null), chance);
    private readonly Dictionary<string, long> _sureOf = new(StringComparer.Ordinal);
    private readonly List<JsonNode> _held = [];
    private readonly List<JsonNode> _ghosts = [];
    private TimeSpan? _heardAt;

    /// <summary>The service takes another process for the agent.</summary>
    public bool IsReplaced { get; private set; }

    private string? Header => isNamed ? session : null;

    /// <summary>Knows what the other has, as a copy of its state would.</summary>
    public void Copy(AgentProcess other) => _ghosts.AddRange(other._held.Concat(other._ghosts).Select(task => task.DeepClone()));

    public async Task StepAsync()
    {
        switch (chance.Between(1, 15))
        {
            case <= 5:
                await ClaimAsync(chance.Between(1, 4), world.ClaimWait);
                break;
            case <= 9 when _held.Count > 0:
                await ReportAsync(chance.Of(_held));
                break;
            case 10 when _held.Count > 0:
                await _results.SendTogetherAsync(TakeAll());
                break;
            case 11:
                await _results.LieAsync(_ghosts);
                break;
            default:
                await BeatAsync(isForgetful: chance.OneIn(6));
                break;
        }
    }

    /// <summary>It takes what there is, and tells the truth.</summary>
    public async Task WorkAsync(int wait)
    {
        await BeatAsync(isForgetful: false);
        await ClaimAsync(agent.Slots, wait);
        foreach (var task in _held.ToList())
        {
            if (await _results.SendAsync(task, "success"))
                _held.Remove(task);
        }
    }

    /// <summary>Its last word, in order.</summary>
    public async Task EndAsync()
    {
        if (chance.OneIn(2))
            TakeAll();
        await BeatAsync(isForgetful: false, ends: true);
        Vanish();
    }

    /// <summary>It ends without a word; what it had, it knows of still should it come back.</summary>
    public void Vanish() => TakeAll();

    private async Task ClaimAsync(int max, int wait)
    {
        var standings = world.Tenants.ToDictionary(each => each.Id, each => each.Standing, StringComparer.Ordinal);
        var call = world.Sessions.Calling(agent.Id, isBeat: false);
        var reply = await _line.SendAsync("POST", $"/agents/{agent.Id}/tasks/claim", new JsonObject { ["max"] = max, ["waitSeconds"] = wait });
        if (reply is null)
        {
            agent.MayHold = true;
            return;
        }

        if (reply.Code == "agent-in-use")
        {
            world.Sessions.Claimed(call, Header, tasks: null);
            return;
        }

        if (!world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the claim of {agent.Id} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            return;
        var tasks = reply.Body!["tasks"]!.AsArray();
        world.Sessions.Claimed(call, Header, tasks.Count);
        world.Sightings.Holds(tasks.Count <= Math.Min(max, agent.Slots), () => $"{agent.Id} asked for {max} and has {agent.Slots} slots, and got {tasks.Count} tasks");
        foreach (var task in tasks)
            Take(task!, standings);
    }

    private void Take(JsonNode task, Dictionary<string, TenantStanding> standings)
    {
        var owner = world.Tenants.Single(each => each.Id == (string)task["tenantId"]!);
        world.Sightings.Holds(agent.Tenant is null || agent.Tenant == owner.Id, () => $"{agent.Id} of {agent.Tenant} was given a task of {owner.Id}");
        world.Sightings.Holds(!(standings[owner.Id].IsPaused && owner.Still(standings[owner.Id])), () => $"{agent.Id} was given {task["taskId"]} of {owner.Id} after a pause");
        world.Attempts.HandedOut(agent.Id, task);
        if (_held.Find(held => (string)held["taskId"]! == (string)task["taskId"]!) is { } earlier)
            _ghosts.Add(Take(earlier));
        _held.Add(task.DeepClone());
        if (Hold is { } hold)
            _sureOf[(string)task["taskId"]!] = hold;
        else
            _sureOf.Remove((string)task["taskId"]!);
    }

    private async Task ReportAsync(JsonNode task)
    {
        var status = chance.Of("success", "success", "success", "failure", "failure", "refused", "cancelled", "released");
        if (chance.OneIn(3))
            await Task.WhenAll(_results.SendAsync(task, status), _results.SendAsync(task, chance.Of("success", "failure")));
        else if (!await _results.SendAsync(task, status) && chance.OneIn(2))
            return;
        _held.Remove(task);
        _ghosts.Add(task);
    }

    private async Task BeatAsync(bool isForgetful, bool ends = false)
    {
        if (isForgetful && _held.Count > 0)
            _ghosts.Add(Take(chance.Of(_held)));
        var body = new JsonObject
        {
            ["version"] = "1",
            ["os"] = "linux",
            ["uptimeSeconds"] = 1,
            ["running"] = new JsonArray([.. _held.Select(task => new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]! })]),
        };
        if (session is not null)
            body["session"] = session;
        if (ends)
            body["ended"] = true;
        var (call, hold) = (world.Sessions.Calling(agent.Id, isBeat: true), Hold);
        var reply = await _line.SendAsync("POST", $"/agents/{agent.Id}/heartbeat", body);
        world.Sessions.Beaten(call, session, isNamed, ends, reply is null ? null : reply.Status == HttpStatusCode.OK);
        if (reply is null)
            return;
        IsReplaced = reply.Code == "agent-in-use";
        // Told that it is replaced, it gives way; or it does not believe it.
        if (IsReplaced && chance.OneIn(2))
            Vanish();
        if (IsReplaced || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the heartbeat of {agent.Id} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            return;
        Heard(call.At, hold);
        await ObeyAsync(reply.Body!);
    }

    private async Task ObeyAsync(JsonNode answer)
    {
        var lost = answer["lost"]!.AsArray().Select(taskId => (string)taskId!).ToHashSet(StringComparer.Ordinal);
        foreach (var task in _held.Where(task => lost.Contains((string)task["taskId"]!)).ToList())
        {
            world.Sightings.Holds(!IsSurelyMine(task), () => $"{session} of {agent.Id} had it all the time, listed attempt {task["attempt"]} of {task["taskId"]} in each heartbeat, and lost it");
            _ghosts.Add(Take(task));
        }

        var cancel = answer["cancel"]!.AsArray().Select(taskId => (string)taskId!).ToHashSet(StringComparer.Ordinal);
        foreach (var task in _held.Where(task => cancel.Contains((string)task["taskId"]!) && chance.OneIn(2)).ToList())
            await _results.SendAsync(Take(task), "cancelled");
    }

    private long? Hold => isNamed && session is not null ? world.Sessions.HoldOf(agent.Id, session) : null;

    // After a silence of a lease, or a while in which another may have had the agent, nothing is sure.
    private void Heard(TimeSpan at, long? holdBefore)
    {
        if (holdBefore is null || holdBefore != Hold || world.Elapsed() - (_heardAt ?? at) >= world.Terms.Lease)
            _sureOf.Clear();
        _heardAt = at;
    }

    private bool IsSurelyMine(JsonNode task)
    {
        var taskId = (string)task["taskId"]!;
        return world.IsSteady
            && _sureOf.TryGetValue(taskId, out var hold) && hold == Hold
            && !world.Attempts.IsAnswerSent(taskId, (int)task["attempt"]!)
            && !world.Runs.All.Exists(run => taskId.StartsWith(run.RunId + ".", StringComparison.Ordinal) && run.CancelAsked);
    }

    private JsonNode Take(JsonNode task)
    {
        _held.Remove(task);
        _sureOf.Remove((string)task["taskId"]!);
        return task;
    }

    private List<JsonNode> TakeAll()
    {
        var taken = _held.ToList();
        _ghosts.AddRange(taken);
        _held.Clear();
        _sureOf.Clear();
        return taken;
    }
}

/// <param name="Slots">How many tasks it takes at once.</param>
/// <param name="Tenant">Whose it is; null: it serves all.</param>
internal sealed record AgentTraits(string Id, int Slots, string? Tenant)
{
    private int _outputs;

    /// <summary>An answer to a claim was lost: the agent may hold tasks that none of its processes knows of.</summary>
    public bool MayHold { get; set; }

    /// <summary>Said by one result of it alone.</summary>
    public string NewOutput() => $"{Id}-{Interlocked.Increment(ref _outputs)}";
}

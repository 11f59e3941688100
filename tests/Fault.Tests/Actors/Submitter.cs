using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Actors;

/// <summary>
/// Submits runs to one tenant, most under an idempotency key, and sends again what was not answered. Every submission carries a name of
/// its own, so that the list of runs shows what became of it.
/// </summary>
internal sealed class Submitter(World world, Tenant tenant, int number, Chance chance) : IActor
{
    private readonly List<Submission> _sent = [];

    public IReadOnlyList<Submission> Sent => _sent;

    public async Task StepAsync()
    {
        var again = _sent.Where(submission => submission.Key is not null && (submission.Answer is null || (world.KeepsKeys && chance.OneIn(8)))).ToList();
        if (again.Count > 0 && chance.OneIn(2))
            await SendAsync(chance.Of(again));
        else
            await SendAsync(New());
    }

    /// <summary>Sends until every submission under a key has been answered for good.</summary>
    public async Task<bool> SettledAsync()
    {
        foreach (var submission in _sent.Where(submission => submission is { Key: not null, IsOpen: true }).ToList())
            await SendAsync(submission);
        return !_sent.Exists(submission => submission is { Key: not null, IsOpen: true });
    }

    private Submission New()
    {
        var name = $"{tenant.Id}-{number}-{_sent.Count}";
        var submission = new Submission(name, chance.OneIn(4) ? null : name, Body(name));
        _sent.Add(submission);
        return submission;
    }

    private async Task SendAsync(Submission submission)
    {
        var standing = tenant.Standing;
        var reply = await tenant.Line.SendAsync("POST", $"{tenant.Path}/runs", submission.Body, submission.Key);
        if (reply is null)
        {
            submission.IsOpen = true;
            return;
        }

        var said = () => $"submission {submission.Name} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}";
        submission.IsOpen = false;
        switch ((int)reply.Status, reply.Code)
        {
            case (202, _):
                Accepted(submission, reply, standing, said);
                break;
            case (429, "concurrency-limit"):
                world.Sightings.Holds(submission.Answer is null, said);
                world.Sightings.Holds(tenant.Queue == 0 && (int)reply.Body!["currentUsage"]! == tenant.Limit, said);
                break;
            case (429, "queue-full"):
                world.Sightings.Holds(submission.Answer is null, said);
                world.Sightings.Holds((int)reply.Body!["currentUsage"]! == tenant.Queue, said);
                break;
            case (503, "tenant-paused"):
                world.Sightings.Holds(submission.Answer is null && !(standing.IsActive && tenant.Still(standing)), said);
                break;
            default:
                world.Sightings.Broken(said());
                break;
        }
    }

    private void Accepted(Submission submission, Reply reply, Witness.TenantStanding standing, Func<string> said)
    {
        var isReplay = reply.Message.Headers.Contains("Idempotency-Replayed");
        world.Sightings.Holds(isReplay || !(standing.IsPaused && tenant.Still(standing)), () => said() + ", after a pause");
        world.Sightings.Holds(!isReplay || submission.WasDoubtful, said);
        tenant.SawInFlight((int)reply.Body!["inFlight"]!, world.Sightings);
        var answer = reply.Body.ToJsonString();
        world.Sightings.Holds(submission.Answer is null || submission.Answer == answer, () => $"{said()}, after {submission.Answer}");
        submission.Answer ??= answer;
        submission.WasDoubtful = true;
        world.Runs.Accept(tenant.Id, reply.RunId, submission.Name);
    }

    private JsonObject Body(string name)
    {
        var tasks = new JsonArray();
        var count = chance.Between(1, 4);
        for (var i = 0; i < count; i++)
        {
            var needs = Enumerable.Range(0, i).Where(_ => chance.OneIn(2)).Select(need => $"t{need}").ToArray();
            var task = Bodies.Task($"t{i}", policy: tenant.Policy, needs: needs);
            if (world.SlowOneIn > 0 && chance.OneIn(world.SlowOneIn))
                (task["type"], task["payload"]) = ("command", new JsonObject { ["argv"] = new JsonArray("/bin/sleep", $"0.0{chance.Between(1, 9)}") });
            tasks.Add((JsonNode)task);
        }

        return new JsonObject { ["name"] = name, ["priority"] = chance.Of("low", "normal", "high"), ["tasks"] = tasks };
    }
}

/// <param name="Key">Its idempotency key; null: it is sent once.</param>
internal sealed record Submission(string Name, string? Key, JsonNode Body)
{
    private bool _isOpen = true;

    /// <summary>Nobody knows what became of it.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        set
        {
            _isOpen = value;
            WasDoubtful |= value;
        }
    }

    /// <summary>It may have taken effect before the latest answer.</summary>
    public bool WasDoubtful { get; set; }

    /// <summary>The answer that accepted it.</summary>
    public string? Answer { get; set; }
}

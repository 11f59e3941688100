using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors;

/// <summary>What an agent reports, true or not, with what it may be answered.</summary>
internal sealed class Results(World world, AgentTraits agent, Line line, Chance chance)
{
    private string Path => $"/agents/{agent.Id}/task-results";

    /// <returns>Whether there was an answer.</returns>
    public Task<bool> SendAsync(JsonNode task, string status) => SendAsync((string)task["taskId"]!, (int)task["attempt"]!, status);

    /// <summary>Several results in one call, with a made-up one among them.</summary>
    public async Task SendTogetherAsync(IReadOnlyList<JsonNode> tasks)
    {
        var sent = tasks.Select(task => ((string)task["taskId"]!, (int)task["attempt"]!)).Append(Foreign()).DistinctBy(each => each.Item1).ToList();
        var bodies = sent.Select(each => Body(each.Item1, each.Item2, chance.Of("success", "failure"))).ToList();
        var reply = await line.SendAsync("POST", Path, new JsonObject { ["results"] = new JsonArray([.. bodies]) });
        if (reply is null || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"results of {agent.Id} were answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            return;
        foreach (var ((taskId, attempt), answer) in sent.Zip(reply.Body!["results"]!.AsArray()))
        {
            var status = (string?)answer!["code"] switch { null => HttpStatusCode.OK, "stale-attempt" => HttpStatusCode.Conflict, _ => HttpStatusCode.NotFound };
            world.Attempts.Answered(agent.Id, agent.MayHold, taskId, attempt, status, answer);
        }
    }

    /// <summary>A result for a task of somebody else, of an attempt long past or yet to come, or of nothing at all.</summary>
    /// <param name="past">What the agent held once.</param>
    public Task LieAsync(IReadOnlyList<JsonNode> past)
    {
        var (taskId, attempt) = past.Count > 0 && chance.OneIn(2)
            ? ((string)chance.Of(past)["taskId"]!, (int)chance.Of(past)["attempt"]!)
            : Foreign();
        return SendAsync(taskId, Math.Max(1, attempt + chance.Of(-1, 0, 0, 0, 1)), chance.Of("success", "failure", "refused"));
    }

    private (string TaskId, int Attempt) Foreign() =>
        world.Attempts.Known() is { Count: > 0 } known ? chance.Of(known) : ("fe5dfe31511ad27d4f9057cc864b.one", 1);

    private async Task<bool> SendAsync(string taskId, int attempt, string status)
    {
        var reply = await line.SendAsync("POST", Path, Body(taskId, attempt, status));
        if (reply is null)
            return false;
        world.Attempts.Answered(agent.Id, agent.MayHold, taskId, attempt, reply.Status, reply.Body!);
        return true;
    }

    private JsonObject Body(string taskId, int attempt, string status)
    {
        var output = agent.NewOutput();
        var wire = status == "refused" ? "failure" : status;
        world.Attempts.Sending(agent.Id, taskId, attempt, wire, JsonValue.Create(output).ToJsonString());
        var body = new JsonObject { ["taskId"] = taskId, ["attempt"] = attempt, ["status"] = wire, ["durationSeconds"] = 0.01, ["output"] = output };
        if (status == "failure")
            body["errorMessage"] = "connection refused";
        else if (status == "refused")
            body["errorMessage"] = "permission denied";
        return body;
    }
}

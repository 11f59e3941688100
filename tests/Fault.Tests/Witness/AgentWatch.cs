using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Witness;

/// <summary>Real agents, seen from where their calls are passed on: whatever reaches them or not, what the service did is known.</summary>
internal sealed class AgentWatch(World world) : IOverhearer
{
    private const int Taken = 200;
    private const int InUse = 409;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TimeSpan Last, TimeSpan Longest)> _silences = new(StringComparer.Ordinal);

    public void Calling(OverheardCall call)
    {
        if (AgentOf(call) is not { } agentId)
            return;
        if (!call.Path.EndsWith("/task-results", StringComparison.Ordinal))
            call.Note = world.Sessions.Calling(agentId, IsBeat(call));
        else
            ForEach(call, result => world.Attempts.Sending(agentId, (string)result["taskId"]!, (int)result["attempt"]!, (string)result["status"]!, result["output"]?.ToJsonString() ?? ""));
    }

    public void Answered(OverheardCall call, int status, byte[] body)
    {
        if (AgentOf(call) is not { } agentId)
            return;
        var answer = body.Length == 0 ? null : JsonNode.Parse(body);
        world.Sightings.Note($"{call.Path} of {call.Session} {System.Text.Encoding.UTF8.GetString(call.Body)} -> {status} {answer?.ToJsonString()}");
        if (IsBeat(call))
            Beaten(agentId, call, status);
        else if (call.Note is SessionCall claim)
            Claimed(agentId, call, claim, status, answer!);
        else if (status == Taken)
            Reported(agentId, answer!);
    }

    /// <summary>How long the longest time was without a heartbeat of the agent that the service took.</summary>
    public TimeSpan LongestSilence(string agentId)
    {
        lock (_gate)
            return _silences.TryGetValue(agentId, out var silence) ? Longer(silence.Longest, world.Elapsed() - silence.Last) : TimeSpan.MaxValue;
    }

    private void Beaten(string agentId, OverheardCall call, int status)
    {
        var ends = (bool?)JsonNode.Parse(call.Body)!["ended"] == true;
        if (status is Taken or InUse)
            world.Sessions.Beaten((SessionCall)call.Note!, call.Session, call.Session is not null, ends, status == Taken);
        else
            world.Sessions.Dismissed((SessionCall)call.Note!);
        if (status != Taken)
            return;
        lock (_gate)
        {
            var now = world.Elapsed();
            var silence = _silences.TryGetValue(agentId, out var before) ? Longer(before.Longest, now - before.Last) : TimeSpan.Zero;
            _silences[agentId] = (now, silence);
        }
    }

    private void Claimed(string agentId, OverheardCall call, SessionCall claim, int status, JsonNode answer)
    {
        if (status is not (Taken or InUse))
            return;
        var tasks = status == Taken ? answer["tasks"]!.AsArray() : null;
        world.Sessions.Claimed(claim, call.Session, tasks?.Count);
        foreach (var task in tasks ?? [])
            world.Attempts.HandedOut(agentId, task!);
    }

    private void Reported(string agentId, JsonNode answer)
    {
        foreach (var entry in answer["results"]!.AsArray())
        {
            var status = (string?)entry!["code"] switch { null => HttpStatusCode.OK, "stale-attempt" => HttpStatusCode.Conflict, _ => HttpStatusCode.NotFound };
            world.Attempts.Answered(agentId, mayHold: false, (string)entry["taskId"]!, (int)entry["attempt"]!, status, entry);
        }
    }

    private static void ForEach(OverheardCall call, Action<JsonNode> what)
    {
        foreach (var result in JsonNode.Parse(call.Body)!["results"]!.AsArray())
            what(result!);
    }

    private static bool IsBeat(OverheardCall call) => call.Path.EndsWith("/heartbeat", StringComparison.Ordinal);

    private static string? AgentOf(OverheardCall call) =>
        call.Method == "POST" && call.Path.Split('/') is ["", "agents", var agentId, "heartbeat" or "tasks" or "task-results", ..] ? agentId : null;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

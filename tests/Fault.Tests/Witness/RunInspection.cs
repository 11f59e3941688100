using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Actors;

namespace Headgate.Fault.Tests.Witness;

/// <summary>Whether an ended run hangs together: in itself, and with what its agents were told.</summary>
internal sealed class RunInspection(World world, Tenant tenant, JsonNode run)
{
    private readonly Dictionary<string, JsonNode> _tasks = run["tasks"]!.AsArray().ToDictionary(task => (string)task!["name"]!, task => task!, StringComparer.Ordinal);

    /// <param name="dead">Gets the tasks that must be dead letters.</param>
    public void Check(List<string> dead)
    {
        var status = (string)run["status"]!;
        var statuses = _tasks.Values.Select(task => (string)task["status"]!).ToList();
        var isWhole = status switch
        {
            "completed" => statuses.TrueForAll(each => each == "completed"),
            "failed" => statuses.Exists(each => each is "failed" or "exhausted" or "cancelled"),
            "cancelled" => statuses.Exists(each => each != "completed") && world.Runs.All.Exists(known => known.RunId == (string)run["runId"]! && known.CancelAsked),
            _ => false,
        };
        Holds(isWhole && statuses.TrueForAll(each => each is "completed" or "failed" or "exhausted" or "cancelled" or "skipped"), "does not hang together");
        Holds(run["finishedAt"] is not null, "has no end");
        foreach (var task in _tasks.Values)
        {
            Check(task);
            if ((string)task["status"]! is "failed" or "exhausted")
                dead.Add((string)task["taskId"]!);
        }
    }

    private void Check(JsonNode task)
    {
        var (taskId, status) = ((string)task["taskId"]!, (string)task["status"]!);
        var attempts = task["attempts"]!.AsArray().Select(attempt => attempt!).ToList();
        Holds(attempts.Select((attempt, i) => (int)attempt["attempt"]! == i + 1).All(inOrder => inOrder) && (int)task["attempt"]! == attempts.Count, $"task {taskId} has gaps in its attempts");
        Holds(attempts.Count(IsCounted) <= (int)task["maxRetries"]! + 1, $"task {taskId} was tried more often than its budget allows");
        Holds(attempts.Count(attempt => (string?)attempt["outcome"] == "success") == (status == "completed" ? 1 : 0), $"task {taskId} is {status} with other successes");
        foreach (var attempt in attempts)
            Check(task, attempt, attempts);
        if (attempts.Count == 0 || !world.IsSteady)
            return;
        foreach (var need in task["needs"]!.AsArray().Select(name => _tasks[(string)name!]))
        {
            var ended = (DateTimeOffset?)need["attempts"]!.AsArray().LastOrDefault()?["finishedAt"];
            Holds((string)need["status"]! == "completed" && ended <= (DateTimeOffset?)attempts[0]["startedAt"], $"task {taskId} ran before {need["name"]} had completed");
        }
    }

    private void Check(JsonNode task, JsonNode attempt, List<JsonNode> attempts)
    {
        var (taskId, number, status) = ((string)task["taskId"]!, (int)attempt["attempt"]!, (string)task["status"]!);
        Holds(attempt["finishedAt"] is not null && attempt["outcome"] is not null, $"attempt {number} of {taskId} has no end");
        if (world.Attempts.Find(taskId, number) is not { Holder: not null } known)
            return;
        var (outcome, isLast) = ((string?)attempt["outcome"], number == attempts.Count);
        Holds(known.Holder == (string)attempt["agentId"]!, $"attempt {number} of {taskId} was handed to {known.Holder}");
        var fits = known.Outcome switch
        {
            null => true,
            "completed" => outcome == "success" && status == "completed" && known.Sent.Take(known.SentInTime).Any(sent => sent.Output == (task["output"]?.ToJsonString() ?? "")),
            "cancelled" => outcome == "cancelled" && status == "cancelled" && isLast,
            "retry" => outcome is "failure" or "released" && (!isLast || status is "cancelled" or "skipped"),
            var final => outcome == "failure" && status == final && isLast,
        };
        Holds(fits, $"attempt {number} of {taskId} was answered {known.Outcome}");
        if (known.NextRetryAt is not { } due || !world.IsSteady || (string?)attempt["errorCategory"] == "lost-agent")
            return;
        Holds(isLast || due <= (DateTimeOffset?)attempts[number]["startedAt"], $"attempt {number + 1} of {taskId} began before {due:O}");
        var delay = (due - (DateTimeOffset)attempt["finishedAt"]!).TotalSeconds;
        Holds(tenant.Retry.Allows(attempts.Take(number).Count(IsCounted), delay), $"attempt {number} of {taskId} was followed by a delay of {delay} s");
    }

    // One that came back unused has spent nothing.
    private static bool IsCounted(JsonNode attempt) => (string?)attempt["outcome"] != "released";

    private void Holds(bool condition, string what) => world.Sightings.Holds(condition, () => $"{what}: {run.ToJsonString()}");
}

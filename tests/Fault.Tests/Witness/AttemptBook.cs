using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Witness;

/// <summary>
/// Every hand-out and every answer to a result. An attempt is handed out once, keeps its first outcome, and its repeats get the same
/// answer; nobody but its holder hears of it.
/// </summary>
/// <param name="sightings">Where broken invariants go.</param>
/// <param name="now">The service's clock.</param>
/// <param name="isSteady">False once the clock on the wall was set: times of different moments can't be compared then.</param>
internal sealed class AttemptBook(Sightings sightings, Func<DateTimeOffset> now, Func<bool> isSteady)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string TaskId, int Attempt), AttemptEntry> _entries = [];

    public void HandedOut(string agentId, JsonNode task)
    {
        var (taskId, attempt) = ((string)task["taskId"]!, (int)task["attempt"]!);
        var at = now();
        lock (_gate)
        {
            var entry = Of(taskId, attempt);
            sightings.Holds(entry.Holder is null || (entry.Holder == agentId && entry.IsAssumed), () => $"attempt {attempt} of {taskId} was handed to {entry.Holder} and to {agentId}");
            (entry.Holder, entry.IsAssumed) = (agentId, false);
            if (attempt == 1 || !_entries.TryGetValue((taskId, attempt - 1), out var before))
                return;
            sightings.Holds(before.Outcome is null or "retry", () => $"{taskId} was handed out again after its attempt {attempt - 1} was answered {before.Outcome}");
            sightings.Holds(!isSteady() || before.NextRetryAt is not { } due || due <= at, () => $"attempt {attempt} of {taskId} was handed out at {at:O}, before {before.NextRetryAt:O}");
        }
    }

    /// <summary>A result is about to be sent.</summary>
    public void Sending(string agentId, string taskId, int attempt, string status, string output)
    {
        lock (_gate)
        {
            var entry = Of(taskId, attempt);
            if (entry.Holder is null || entry.Holder == agentId)
                entry.Sent.Add((status, output));
        }
    }

    /// <param name="mayHold">The agent may hold tasks it was never told of, because answers to its claims were lost.</param>
    /// <param name="answer">Of a single result, or the entry of one in a batch.</param>
    public void Answered(string agentId, bool mayHold, string taskId, int attempt, HttpStatusCode status, JsonNode answer)
    {
        lock (_gate)
        {
            var entry = Of(taskId, attempt);
            var isHolder = entry.Holder == agentId || (entry.Holder is null && mayHold);
            var said = $"the result of {agentId} for attempt {attempt} of {taskId} (held by {entry.Holder ?? "nobody known"}) was answered {(int)status} {answer.ToJsonString()}";
            if (status == HttpStatusCode.NotFound)
            {
                sightings.Holds(entry.Holder != agentId || entry.IsAssumed, () => said);
                return;
            }

            if (!sightings.Holds(isHolder, () => said))
                return;
            if (entry.Holder is null)
                (entry.Holder, entry.IsAssumed) = (agentId, true);
            if (status == HttpStatusCode.Conflict)
                entry.Refuse(sightings, said);
            else if (sightings.Holds(status == HttpStatusCode.OK, () => said))
                entry.Settle(sightings, (string)answer["outcome"]!, (DateTimeOffset?)answer["nextRetryAt"], said);
        }
    }

    /// <summary>Whether its holder has reported it, answered or not.</summary>
    public bool IsAnswerSent(string taskId, int attempt)
    {
        lock (_gate)
            return _entries.TryGetValue((taskId, attempt), out var entry) && entry.Sent.Count > 0;
    }

    /// <summary>An attempt that is known, or null.</summary>
    public AttemptEntry? Find(string taskId, int attempt)
    {
        lock (_gate)
            return _entries.GetValueOrDefault((taskId, attempt));
    }

    /// <summary>Attempts that were handed out, to whoever it was.</summary>
    public List<(string TaskId, int Attempt)> Known()
    {
        lock (_gate)
            return [.. _entries.Where(pair => pair.Value.Holder is not null).Select(pair => pair.Key)];
    }

    private AttemptEntry Of(string taskId, int attempt)
    {
        if (!_entries.TryGetValue((taskId, attempt), out var entry))
            _entries.Add((taskId, attempt), entry = new AttemptEntry());
        return entry;
    }
}

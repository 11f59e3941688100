using System.Collections.Concurrent;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// When the first of each agent's attempts comes to its deadline, of those that this process has handed out: nobody tells an
/// orchestration of a hand-out. On a clock that nobody sets. An attempt that ends takes nothing back, which costs one look in vain.
/// </summary>
public sealed class AttemptDeadlines(HeadgateOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, long> _first = new(StringComparer.Ordinal);

    /// <summary>Tasks have become the agent's.</summary>
    public void Assigned(string agentId, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count > 0)
            LookAfter(agentId, TimeSpan.FromSeconds(tasks.Min(task => task.State.TimeoutSeconds)) + options.Leases.Duration);
    }

    /// <summary>The agent's tasks are to be looked at then, if not before.</summary>
    public void LookAfter(string agentId, TimeSpan wait)
    {
        var at = clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
        if (!_first.TryGetValue(agentId, out var first) || at < first)
            _first.AddOrUpdate(agentId, static (_, at) => at, static (_, first, at) => Math.Min(first, at), at);
    }

    /// <summary>The agents whose tasks are to be looked at now, longest overdue first, each told once: whoever looks says when to look again.</summary>
    public List<string> TakeDue()
    {
        var now = clock.GetTimestamp();
        var due = new List<string>();
        foreach (var first in _first.Where(first => first.Value <= now).OrderBy(first => first.Value))
        {
            if (_first.TryRemove(first))
                due.Add(first.Key);
        }

        return due;
    }
}

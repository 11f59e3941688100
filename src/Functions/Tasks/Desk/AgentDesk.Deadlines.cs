using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// When the first of each agent's attempts comes to its deadline, of those that this process has handed out: nobody tells an
/// orchestration of a hand-out. On a clock that nobody sets. An attempt that ends takes nothing back, which costs one look in vain.
/// </summary>
public sealed partial class AgentDesk
{
    /// <summary>Tasks have become the agent's.</summary>
    public void Assigned(string agentId, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count > 0)
            LookAfter(agentId, TimeSpan.FromSeconds(tasks.Min(task => task.State.TimeoutSeconds)) + options.Leases.Duration);
    }

    /// <summary>The agent's tasks are to be looked at then, if not before.</summary>
    public void LookAfter(string agentId, TimeSpan wait) =>
        Update(
            agentId,
            clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency),
            static (entry, at) => entry.Deadline = entry.Deadline < at ? entry.Deadline : at);

    /// <summary>The agents whose tasks are to be looked at now, longest overdue first, each told once: whoever looks says when to look again.</summary>
    public List<string> TakeDue()
    {
        var now = clock.GetTimestamp();
        var due = new List<(long At, string AgentId)>();
        foreach (var (agentId, entry) in _entries)
        {
            lock (entry.Lock)
            {
                if (entry.Deadline is not { } at || at > now)
                    continue;
                due.Add((at, agentId));
                entry.Deadline = null;
                if (entry.IsBare)
                    Drop(entry);
            }
        }

        due.Sort();
        return due.ConvertAll(agent => agent.AgentId);
    }
}

using Headgate.Core.Dispatch;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Causes;

/// <summary>What an explanation has to know of a run.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="CreatedAt">When it was admitted.</param>
/// <param name="Queued">Where it stands in its tenant's wait queue; null if it holds a slot, or has ended.</param>
public sealed record RunFacts(string RunId, RunState State, DateTimeOffset CreatedAt, QueuedRun? Queued = null);

/// <summary>A run that waits for one of its tenant's slots.</summary>
/// <param name="Ahead">Runs that go before it.</param>
/// <param name="InFlight">Runs that hold a slot.</param>
/// <param name="Limit">How many may.</param>
/// <param name="Since">When it was queued.</param>
/// <param name="Holders">Ids of runs that hold a slot.</param>
/// <param name="Start">When it is expected to start; null while unknown.</param>
public sealed record QueuedRun(int Ahead, int InFlight, int Limit, DateTimeOffset Since, IReadOnlyList<string> Holders, StartEstimate? Start);

/// <summary>What an explanation has to know of a task.</summary>
/// <param name="Offer">As agents see it.</param>
/// <param name="State">Its state.</param>
public sealed record TaskFacts(TaskOffer Offer, TaskState State)
{
    /// <summary>Tasks that it needs and that have not completed.</summary>
    public IReadOnlyList<OpenNeed> Needs { get; init; } = [];

    /// <summary>When its last attempt ended; null if none did.</summary>
    public DateTimeOffset? LastAttemptEndedAt { get; init; }

    /// <summary>Null unless it is ready, and where those before it are too many to count.</summary>
    public LinePlace? Line { get; init; }
}

/// <param name="TaskId">The needed task's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
public sealed record OpenNeed(string TaskId, string Name, TaskStatus Status);

/// <summary>A ready task's place in line.</summary>
/// <param name="AheadByType">Ready tasks of its tenant that go before it, by type.</param>
/// <param name="AheadOfOthers">Tasks of other tenants that take their turns before it does, at agents that serve everybody.</param>
public sealed record LinePlace(IReadOnlyDictionary<string, int> AheadByType, int AheadOfOthers = 0)
{
    public int Ahead => AheadByType.Values.Sum();
}

/// <summary>What lies outside a run.</summary>
/// <param name="Status">The tenant's.</param>
/// <param name="Pause">Present while it is paused.</param>
/// <param name="Agents">All agents.</param>
/// <param name="Resources">Those that its tasks name, by name; one that is missing keeps nothing back.</param>
/// <param name="Now">The time.</param>
public sealed record Scene(
    TenantStatus Status,
    PauseRecord? Pause,
    IReadOnlyList<AgentProfile> Agents,
    IReadOnlyDictionary<string, Resource> Resources,
    DateTimeOffset Now);

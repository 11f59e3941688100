namespace Headgate.Core.Causes;

/// <summary>What keeps a run or a task from going on. In the order in which causes are listed: what has to end first comes first.</summary>
public enum CauseCode
{
    /// <summary>As many runs as the tenant may have at once are in flight; the run waits for a slot.</summary>
    Cap,

    /// <summary>The tenant is paused, suspended or deactivated.</summary>
    Paused,

    /// <summary>The run is admitted, and nothing has taken it up yet.</summary>
    WaitingForStart,

    /// <summary>A resource is full, open, half-open or held.</summary>
    ResourceHeld,

    /// <summary>No agent may have the task.</summary>
    NoAgent,

    /// <summary>All agents that may have the task are full.</summary>
    AgentsBusy,

    /// <summary>The next attempt has to wait.</summary>
    Backoff,

    /// <summary>The tenant has started as many retries in the minute as it may.</summary>
    RetryBudget,

    /// <summary>Tasks that it needs have not completed.</summary>
    Needs,

    /// <summary>Nothing: it runs, it is about to, or it has ended.</summary>
    Nothing,
}

public static class CauseCodes
{
    private static readonly string[] Names = ["cap", "paused", "waiting-for-start", "resource-held", "no-agent", "agents-busy", "backoff", "retry-budget", "needs", "nothing"];

    /// <summary>In the order of the enumeration.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this CauseCode code) => Names[(int)code];
}

/// <summary>One thing that keeps a run or a task waiting.</summary>
/// <param name="Code">Of what kind it is.</param>
/// <param name="Since">From when on; null if unknown.</param>
/// <param name="Message">A sentence.</param>
/// <param name="BlockedBy">Ids of the tasks, agents or runs that it waits for; none of another tenant's.</param>
/// <param name="Cures">What somebody can do about it, the nearest first; empty if it ends by itself.</param>
public sealed record Cause(CauseCode Code, DateTimeOffset? Since, string Message, IReadOnlyList<string> BlockedBy, IReadOnlyList<string> Cures)
{
    /// <summary>Longer lists of ids are cut.</summary>
    public const int MaxBlockers = 20;

    public const int MaxCures = 5;
}

/// <summary>Why a run or a task is where it is.</summary>
/// <param name="State">Its status.</param>
/// <param name="Causes">At least one, in the order of their codes.</param>
/// <param name="Ahead">Ready tasks of the tenant, or queued runs, that go before it; null if it is in no line, or they are too many to count.</param>
/// <param name="Start">When it is expected to start; null while unknown.</param>
public sealed record Explanation(string State, IReadOnlyList<Cause> Causes, int? Ahead = null, StartEstimate? Start = null)
{
    /// <summary>1 for the first in line.</summary>
    public int? Place => Ahead + 1;
}

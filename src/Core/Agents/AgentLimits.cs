using Headgate.Core.Validation;

namespace Headgate.Core.Agents;

/// <summary>What an agent may run and use at once.</summary>
/// <param name="MaxConcurrentTasks">1..100.</param>
/// <param name="TypeLimits">By task type, 0..MaxConcurrentTasks. A type not listed is limited only by the total.</param>
/// <param name="CpuQuotaPercent">1..100.</param>
/// <param name="IoPriority"><c>idle</c>, <c>low</c> or <c>normal</c>.</param>
/// <param name="BandwidthLimitMbps">1..100000; null for no limit.</param>
public sealed record AgentLimits(
    int MaxConcurrentTasks,
    IReadOnlyDictionary<string, int> TypeLimits,
    int CpuQuotaPercent,
    string IoPriority,
    int? BandwidthLimitMbps)
{
    public const int MaxConcurrentTasksCeiling = 100;
    public const int BandwidthCeilingMbps = 100_000;

    public static AgentLimits Default { get; } = new(3, new Dictionary<string, int>(StringComparer.Ordinal), 50, "low", null);

    public static IReadOnlyList<string> IoPriorities { get; } = ["idle", "low", "normal"];

    /// <summary>Compares by value, type limits in any order.</summary>
    public bool IsSameAs(AgentLimits other) =>
        this with { TypeLimits = other.TypeLimits } == other
        && TypeLimits.Count == other.TypeLimits.Count
        && TypeLimits.All(limit => other.TypeLimits.TryGetValue(limit.Key, out var value) && value == limit.Value);

    /// <summary>Adds a problem for each value out of range.</summary>
    public void Check(Problems problems)
    {
        if (MaxConcurrentTasks is < 1 or > MaxConcurrentTasksCeiling)
            problems.Add("maxConcurrentTasks", $"must be between 1 and {MaxConcurrentTasksCeiling}");
        foreach (var (type, limit) in TypeLimits)
        {
            if (limit is < 0 or > MaxConcurrentTasksCeiling)
                problems.Add($"typeLimits.{type}", $"must be between 0 and {MaxConcurrentTasksCeiling}");
            else if (limit > MaxConcurrentTasks)
                problems.Add($"typeLimits.{type}", $"must not exceed maxConcurrentTasks ({MaxConcurrentTasks})");
        }

        if (CpuQuotaPercent is < 1 or > 100)
            problems.Add("cpuQuotaPercent", "must be between 1 and 100");
        if (!IoPriorities.Contains(IoPriority))
            problems.Add("ioPriority", $"must be one of: {string.Join(", ", IoPriorities)}");
        if (BandwidthLimitMbps is < 1 or > BandwidthCeilingMbps)
            problems.Add("bandwidthLimitMbps", $"must be between 1 and {BandwidthCeilingMbps}, or null for no limit");
    }
}

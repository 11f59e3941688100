using Headgate.Core.Validation;

namespace Headgate.Core.Resources;

/// <summary>How many tasks may use a resource at once, and when its circuit breaker opens.</summary>
/// <param name="MaxConcurrent">1..200 tasks at once; null for no limit.</param>
/// <param name="TypeLimits">By task type, 0..200, at most <paramref name="MaxConcurrent"/>. A type not listed is limited only by that.</param>
/// <param name="FailuresToOpen">1..100 failures in a row open it.</param>
/// <param name="OpenSeconds">1..3600; how long it stays open the first time. Doubles each further time, up to an hour.</param>
public sealed record ResourceRules(
    int? MaxConcurrent,
    IReadOnlyDictionary<string, int> TypeLimits,
    int FailuresToOpen = ResourceRules.DefaultFailuresToOpen,
    int OpenSeconds = ResourceRules.DefaultOpenSeconds)
{
    /// <summary>Bounded because all users are in one column of the resource's row.</summary>
    public const int MaxConcurrentCeiling = 200;
    public const int MaxTypes = 50;
    public const int DefaultFailuresToOpen = 5;
    public const int FailuresToOpenCeiling = 100;
    public const int DefaultOpenSeconds = 60;
    public const int OpenSecondsCeiling = 3600;

    /// <summary>No limit.</summary>
    public static ResourceRules Default { get; } = new(null, new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>Compares by value, type limits in any order.</summary>
    public bool IsSameAs(ResourceRules other) =>
        this with { TypeLimits = other.TypeLimits } == other
        && TypeLimits.Count == other.TypeLimits.Count
        && TypeLimits.All(limit => other.TypeLimits.TryGetValue(limit.Key, out var value) && value == limit.Value);

    /// <summary>Adds a problem for each value out of range.</summary>
    public void Check(Problems problems)
    {
        if (MaxConcurrent is < 1 or > MaxConcurrentCeiling)
            problems.Add("maxConcurrent", $"must be between 1 and {MaxConcurrentCeiling}, or null for no limit");
        if (TypeLimits.Count > MaxTypes)
            problems.Add("typeLimits", $"must have at most {MaxTypes} types, not {TypeLimits.Count}");
        foreach (var (type, limit) in TypeLimits)
        {
            if (limit is < 0 or > MaxConcurrentCeiling)
                problems.Add($"typeLimits.{type}", $"must be between 0 and {MaxConcurrentCeiling}");
            else if (limit > MaxConcurrent)
                problems.Add($"typeLimits.{type}", $"must not exceed maxConcurrent ({MaxConcurrent})");
        }

        if (FailuresToOpen is < 1 or > FailuresToOpenCeiling)
            problems.Add("failuresToOpen", $"must be between 1 and {FailuresToOpenCeiling}");
        if (OpenSeconds is < 1 or > OpenSecondsCeiling)
            problems.Add("openSeconds", $"must be between 1 and {OpenSecondsCeiling}");
    }
}

using Headgate.Core.Validation;

namespace Headgate.Core.Resources;

/// <summary>How much of a resource may be used at once, and when it is left alone.</summary>
/// <param name="MaxConcurrent">1..200 tasks at once; null: as many as come.</param>
/// <param name="TypeLimits">By task type, 0..200 and not over <paramref name="MaxConcurrent"/>; a type not listed is bound by that alone, 0 keeps a type off.</param>
/// <param name="FailuresToOpen">1..100; so many failures in a row open it.</param>
/// <param name="OpenSeconds">1..3600; how long it stays open the first time, twice as long each further time, at most an hour.</param>
public sealed record ResourceRules(
    int? MaxConcurrent,
    IReadOnlyDictionary<string, int> TypeLimits,
    int FailuresToOpen = ResourceRules.DefaultFailuresToOpen,
    int OpenSeconds = ResourceRules.DefaultOpenSeconds)
{
    /// <summary>All of a resource's users stand in one column of its row.</summary>
    public const int MaxConcurrentCeiling = 200;
    public const int MaxTypes = 50;
    public const int DefaultFailuresToOpen = 5;
    public const int FailuresToOpenCeiling = 100;
    public const int DefaultOpenSeconds = 60;
    public const int OpenSecondsCeiling = 3600;

    /// <summary>Of a resource that nobody gave any: no cap.</summary>
    public static ResourceRules Default { get; } = new(null, new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>Value by value, the limits of types too, in whatever order.</summary>
    public bool IsSameAs(ResourceRules other) =>
        this with { TypeLimits = other.TypeLimits } == other
        && TypeLimits.Count == other.TypeLimits.Count
        && TypeLimits.All(limit => other.TypeLimits.TryGetValue(limit.Key, out var value) && value == limit.Value);

    /// <summary>Adds every broken range and relation.</summary>
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

using Headgate.Contracts.Agents;

namespace Headgate.Agent.Attempts;

/// <summary>How many tasks may run at once.</summary>
/// <param name="Total">1..100.</param>
/// <param name="Types">0 or more, by type; a type not listed is bounded by the total only.</param>
internal sealed record Limits(int Total, IReadOnlyDictionary<string, int> Types)
{
    public const int DefaultTotal = 3;
    public const int MaxTotal = 100;

    public int Of(string type) => Types.TryGetValue(type, out var limit) ? Math.Min(limit, Total) : Total;

    /// <summary>The lower of both, everywhere: the service may tighten what the owner set, never widen it.</summary>
    public Limits TightenedBy(AgentSettings settings)
    {
        var types = new Dictionary<string, int>(Types, StringComparer.Ordinal);
        foreach (var (type, limit) in settings.TypeLimits ?? new Dictionary<string, int>())
            types[type] = Math.Max(0, types.TryGetValue(type, out var own) ? Math.Min(own, limit) : limit);
        return new Limits(Math.Clamp(settings.MaxConcurrentTasks, 1, Total), types);
    }
}

using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>The statuses in which a start must leave an instance of its id alone.</summary>
internal static class KeptStatuses
{
    private static readonly OrchestrationRuntimeStatus[] Live =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <param name="names">The options' words; null is none.</param>
    /// <exception cref="ArgumentException">
    /// A word is no status. Or terminated instances are kept and some live ones are not: replacing a live one terminates it first, and
    /// would then be refused.
    /// </exception>
    public static OrchestrationRuntimeStatus[] Of(IReadOnlyList<string>? names)
    {
        if (names is null)
            return [];
        var kept = new OrchestrationRuntimeStatus[names.Count];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = Parse(names[i]);
        if (kept.Contains(OrchestrationRuntimeStatus.Terminated) && Live.ContainsAnyExcept(kept))
            throw new ArgumentException("Who keeps terminated instances must keep pending, running and suspended ones: replacing one of those terminates it first.", nameof(names));
        return kept;
    }

    private static OrchestrationRuntimeStatus Parse(string name) => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status)
        ? status
        : throw new ArgumentException($"'{name}' is no status of an orchestration.", nameof(name));
}

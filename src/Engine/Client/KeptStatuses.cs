using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>Dedupe statuses: a start must not replace an instance that has one of them.</summary>
internal static class KeptStatuses
{
    private static readonly OrchestrationRuntimeStatus[] Live =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <param name="names">Case is ignored; null for none.</param>
    /// <exception cref="ArgumentException">
    /// A name is not a status. Or terminated is kept but a live status is not: replacing a live instance would terminate it first, and
    /// then be refused.
    /// </exception>
    public static OrchestrationRuntimeStatus[] Of(IReadOnlyList<string>? names)
    {
        if (names is null)
            return [];
        var kept = new OrchestrationRuntimeStatus[names.Count];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = Parse(names[i]);
        if (kept.Contains(OrchestrationRuntimeStatus.Terminated) && Live.ContainsAnyExcept(kept))
            throw new ArgumentException("To keep terminated instances, also keep pending, running and suspended ones: replacing one of those terminates it first.", nameof(names));
        return kept;
    }

    private static OrchestrationRuntimeStatus Parse(string name) => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status)
        ? status
        : throw new ArgumentException($"'{name}' is not a status of an orchestration.", nameof(name));
}

using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>What became of orchestrations.</summary>
/// <inheritdoc cref="PendingChanges"/>
internal sealed class PendingInstances(bool partlyMerged)
{
    private readonly Dictionary<string, PendingInstance> _changed = new(StringComparer.Ordinal);

    public int Count => _changed.Count;

    public PendingInstance Of(string id) => _changed.TryGetValue(id, out var known) ? known : _changed[id] = new(id, partlyMerged);

    public void Clear() => _changed.Clear();

    public IEnumerable<IPendingWrite> Writes() => _changed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);
}

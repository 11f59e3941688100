using Headgate.Storage.Log;

namespace Headgate.Engine.Instances.Records;

/// <summary>Records of orchestrations, coalesced by instance.</summary>
/// <param name="partlyMerged">As in <see cref="ILogClient.NewPending"/>.</param>
internal sealed class PendingInstances(bool partlyMerged) : IPendingRecords
{
    private readonly Dictionary<string, PendingInstance> _changed = new(StringComparer.Ordinal);

    public int Count => _changed.Count;

    public void Add(ILogRecord record)
    {
        var one = (IInstanceRecord)record;
        one.ApplyTo(Of(one.Id));
    }

    public IEnumerable<IPendingWrite> Writes() => _changed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);

    public void Merged()
    {
        // ResidentInstances reads the log's merged position instead.
    }

    public void Clear() => _changed.Clear();

    private PendingInstance Of(string id) => _changed.TryGetValue(id, out var known) ? known : _changed[id] = new(id, partlyMerged);
}

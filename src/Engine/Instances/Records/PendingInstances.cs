using Headgate.Storage.Log;

namespace Headgate.Engine.Instances.Records;

/// <summary>What became of orchestrations.</summary>
/// <param name="partlyMerged">As for <see cref="ILogClient.NewPending"/>.</param>
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
        // An instance that may leave memory is looked for when memory gets full.
    }

    public void Clear() => _changed.Clear();

    private PendingInstance Of(string id) => _changed.TryGetValue(id, out var known) ? known : _changed[id] = new(id, partlyMerged);
}

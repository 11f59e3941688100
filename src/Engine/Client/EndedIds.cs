using Headgate.Engine.Instances;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>Lists ids of instances by status and end time, in order of id. The last id of a page is the continuation.</summary>
internal sealed class EndedIds(EngineCore core, IEnumerable<OrchestrationRuntimeStatus>? statuses, DateTimeOffset? from, DateTimeOffset? to)
{
    /// <summary>Instances per read.</summary>
    private const int Stride = 256;

    private readonly HashSet<OrchestrationRuntimeStatus>? _statuses = statuses?.ToHashSet();

    public async Task<Page<string>> ReadAsync(int size, string? after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        await core.MergedAsync();
        var ids = new List<string>();
        List<InstanceRow> rows;
        do
        {
            rows = core.Reader.ReadRange(after ?? "", "", Stride);
            foreach (var row in rows)
            {
                after = row.Id;
                if (Matches(row))
                    ids.Add(row.Id);
                if (ids.Count == size)
                    return new(ids, row.Id);
            }
        }
        while (rows.Count == Stride);

        return new(ids, continuationToken: null);
    }

    /// <remarks>An ended instance never changes, so its last update is its end.</remarks>
    private bool Matches(InstanceRow row) => (_statuses is not { Count: > 0 } || _statuses.Contains(row.Status))
        && ((from is null && to is null) || (row.Ended && !(row.Updated < from) && !(row.Updated > to)));
}

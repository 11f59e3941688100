using Headgate.Engine.Instances;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>Lists instances in order of id, page by page, from disk. Changes before the call are merged first.</summary>
internal sealed class InstancePages(EngineCore core, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
{
    /// <summary>Instances per read.</summary>
    private const int Stride = 256;

    private readonly string _prefix = query.InstanceIdPrefix ?? "";
    private readonly HashSet<OrchestrationRuntimeStatus>? _statuses = query.Statuses?.ToHashSet();

    public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var size = Math.Max(1, pageSizeHint ?? query.PageSize);
        var after = continuationToken ?? query.ContinuationToken ?? "";
        await core.MergedAsync();
        while (after is not null)
        {
            var page = ReadPage(after, size);
            after = page.Count < size ? null : page[^1].InstanceId;
            yield return new(page, after);
        }
    }

    private List<OrchestrationMetadata> ReadPage(string after, int size)
    {
        var page = new List<OrchestrationMetadata>();
        while (true)
        {
            var rows = core.Reader.ReadRange(after, _prefix, Stride);
            foreach (var row in rows)
            {
                if (!row.Id.StartsWith(_prefix, StringComparison.Ordinal))
                    return page;
                if (Matches(row))
                    page.Add(Metadata.Of(row, core.Converter, query.FetchInputsAndOutputs));
                if (page.Count == size)
                    return page;
            }

            if (rows.Count < Stride)
                return page;
            after = rows[^1].Id;
        }
    }

    private bool Matches(InstanceRow row) => (query.CreatedFrom is not { } from || row.Created >= from)
        && (query.CreatedTo is not { } to || row.Created <= to)
        && (_statuses is not { Count: > 0 } || _statuses.Contains(row.Status));
}

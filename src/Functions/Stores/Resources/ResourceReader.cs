using Headgate.Core.Identity;
using Headgate.Core.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Stores.Resources;

/// <summary>Reads resources. The tenant is part of every question.</summary>
public sealed class ResourceReader(ITableStore tables)
{
    /// <summary>More names than this are read as one range.</summary>
    private const int MaxSingleReads = 8;

    /// <summary>As stored now; one without a row is as good as new.</summary>
    public async ValueTask<StoredResource> ReadAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        await FindAsync(tenantId, name, cancellationToken) ?? new StoredResource(tenantId, name, Resource.Unknown, null, null);

    /// <summary>Null where it has no row.</summary>
    public async ValueTask<StoredResource?> FindAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        Grammar.IsPolicyName(name) && await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Resource(name), cancellationToken) is { } row ? ResourceRow.Read(row) : null;

    /// <summary>A page of a tenant's resources by name, those that have a row.</summary>
    /// <param name="after">The last name already seen.</param>
    public async ValueTask<(List<StoredResource> Resources, bool More)> PageAsync(string tenantId, string? after, int take, CancellationToken cancellationToken = default)
    {
        // '!' is the least character a name may go on with, so this is the first key behind 'after'.
        var from = after is null ? RowKeys.ResourcePrefix : RowKeys.Resource(after) + "!";
        var page = await tables.QueryAsync(new TableQuery(Table.Tenants, tenantId, from, TableQuery.After(RowKeys.ResourcePrefix), take), cancellationToken);
        return ([.. page.Rows.Select(ResourceRow.Read)], page.Continuation is not null);
    }

    /// <summary>Of ready tasks of one tenant: which resource keeps each back now, by task id. Costs nothing where none names any.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>?> KeptBackAsync(IEnumerable<TaskRecord> tasks, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var ready = tasks.Where(task => task.Resources.Count > 0 && task.State.Status == TaskStatus.Ready).ToList();
        if (ready.Count == 0)
            return null;
        var resources = await ReadAsync(ready[0].TenantId, ready.SelectMany(task => task.Resources).ToHashSet(StringComparer.Ordinal), cancellationToken);
        var keptBack = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in ready)
        {
            if (task.Resources.FirstOrDefault(name => resources.TryGetValue(name, out var resource) && resource.Hindrance(task.Type, now) is not null) is { } name)
                keptBack.Add(task.TaskId, name);
        }

        return keptBack;
    }

    /// <summary>Those of these names that have a row, and perhaps others of the tenant.</summary>
    public async ValueTask<Dictionary<string, Resource>> ReadAsync(string tenantId, IReadOnlySet<string> names, CancellationToken cancellationToken = default)
    {
        var resources = new Dictionary<string, Resource>(StringComparer.Ordinal);
        if (names.Count <= MaxSingleReads)
        {
            foreach (var name in names)
                resources[name] = (await ReadAsync(tenantId, name, cancellationToken)).Resource;
            return resources;
        }

        var page = await PageAsync(tenantId, null, 1000, cancellationToken);
        foreach (var stored in page.Resources)
            resources[stored.Name] = stored.Resource;
        return resources;
    }
}

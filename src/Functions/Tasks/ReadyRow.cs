using System.Text.Json;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Tasks;

/// <summary>A ready task in its tenant's pool; ascending keys are in order of priority, then age.</summary>
public static class ReadyRow
{
    public const string ResourcesColumn = "resources";
    public const string TypeColumn = "type";

    private static readonly string[] s_resourcesAlone = [ResourcesColumn];

    public static string Key(TaskOffer offer) => $"{(int)offer.Priority}:{offer.Since.ToUnixTimeMilliseconds():D14}:{offer.TaskId}";

    public static TableRow Write(TaskOffer offer) => new(
        RowKeys.Pool(offer.TenantId),
        Key(offer),
        new Columns(9)
        {
            { "taskId", offer.TaskId },
            { "tenantId", offer.TenantId },
            { "weight", offer.Weight },
            { TypeColumn, offer.Type },
            { "agentId", offer.AgentId },
            { "labels", offer.Labels.Count == 0 ? null : JsonSerializer.Serialize(new Dictionary<string, string>(offer.Labels), StoredJson.Default.DictionaryStringString) },
            { ResourcesColumn, ResourceNames.Write(offer.Resources) },
            { "since", offer.Since },
            { "avoidedAgent", offer.Avoids?.AgentId },
            { "avoidedUntil", offer.Avoids?.Until },
        });

    public static TaskOffer Read(TableRow row) => new(
        row.Columns.Required("taskId"),
        row.Columns.Required("tenantId"),
        row.Columns.Int("weight") ?? 1,
        row.Columns.Required(TypeColumn),
        (TaskPriority)(row.RowKey[0] - '0'),
        row.Columns.String("agentId"),
        row.Columns.String("labels") is { } labels ? JsonSerializer.Deserialize(labels, StoredJson.Default.DictionaryStringString)! : TaskRecord.NoLabels,
        row.Columns.Time("since") ?? DateTimeOffset.MinValue)
    {
        Resources = ResourceNames.Read(row.Columns.String(ResourcesColumn)),
        Avoids = row.Columns.String("avoidedAgent") is { } avoided && row.Columns.Time("avoidedUntil") is { } until ? new(avoided, until) : null,
    };

    /// <summary>What the ready tasks of a tenant name, all of them.</summary>
    public static async ValueTask<HashSet<string>> NamedResourcesAsync(ITableStore tables, string tenantId, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var query = new TableQuery(Table.Ready, RowKeys.Pool(tenantId), Columns: s_resourcesAlone);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                names.UnionWith(ResourceNames.Read(row.Columns.String(ResourcesColumn)));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return names;
    }
}

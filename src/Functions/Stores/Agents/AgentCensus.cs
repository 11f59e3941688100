using System.Text.Json;
using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>A task that an agent holds.</summary>
public readonly record struct CountedTask(string TaskId, string TenantId, string Type, DateTimeOffset? Since);

/// <summary>What a count needs of one agent.</summary>
/// <param name="Offer">What it may be given.</param>
/// <param name="Limits">Of how much, in total and by type; the rest is as by default.</param>
/// <param name="Standing">Whether it may be given work.</param>
/// <param name="LastSeenAt">Its last sign of life as its rows have it; null where they have none.</param>
/// <param name="Held">The tasks it holds.</param>
/// <param name="InBackoff">Of each type, how many tasks that it ran last are not due yet.</param>
/// <param name="UsualSeconds">How long its tasks of each type take.</param>
public sealed record CountedAgent(
    AgentOffer Offer,
    AgentLimits Limits,
    AgentStanding Standing,
    DateTimeOffset? LastSeenAt,
    IReadOnlyList<CountedTask> Held,
    IReadOnlyDictionary<string, int> InBackoff,
    IReadOnlyDictionary<string, double> UsualSeconds);

/// <summary>All agents at a moment.</summary>
/// <param name="Backoff">By tenant, its tasks that are in backoff, in no order; one that is not listed has none.</param>
/// <param name="IsComplete">False where there are more rows than were read: agents are missing then.</param>
public sealed record Census(IReadOnlyList<CountedAgent> Agents, IReadOnlyDictionary<string, List<Holding>> Backoff, bool IsComplete);

/// <summary>Counts all agents in one pass over their rows: a page at a time, a few columns of each row, and no further than a bound.</summary>
public sealed class AgentCensus(ITableStore tables)
{
    private const string Tenant = "tenantId";
    private const string MaxTasks = "maxConcurrentTasks";
    private const string TypeLimits = "typeLimits";
    private const string Types = "capabilities";
    private const string Labels = "labels";
    private const string Type = "type";

    private static readonly string[] s_columns =
    [
        Tenant, MaxTasks, TypeLimits, Types, Labels, AgentRow.DrainedColumn, AgentRow.QuarantinedColumn, AgentLoadRow.LastSeenColumn, Type, HoldingRow.NextRetryColumn,
        HoldingRow.SinceColumn, "attempt", "maxRetries", "retriesGranted", "errorCategory", TrackRecordRow.UsualSecondsColumn,
    ];

    /// <param name="now">What is due before is in backoff no more.</param>
    /// <param name="maxRows">Rows read; where there are more, the last agents in order of their ids are missing.</param>
    public async ValueTask<Census> ReadAsync(DateTimeOffset now, int maxRows, CancellationToken cancellationToken)
    {
        var agents = new List<CountedAgent>();
        var backoff = new Dictionary<string, List<Holding>>(StringComparer.Ordinal);
        Count? current = null;
        var query = new TableQuery(Table.Agents, null, Columns: s_columns);
        var read = 0;
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (current?.AgentId != row.PartitionKey)
                {
                    current?.AddTo(agents);
                    current = new Count(row.PartitionKey);
                }

                current.Take(row, now, backoff);
            }

            read += page.Rows.Count;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null && read < maxRows);

        var isComplete = query.Continuation is null;
        // Where reading stopped, the last agent's rows may go on.
        if (isComplete)
            current?.AddTo(agents);
        return new Census(agents, backoff, isComplete);
    }

    private sealed class Count(string agentId)
    {
        private readonly List<CountedTask> _held = [];
        private readonly Dictionary<string, int> _inBackoff = new(StringComparer.Ordinal);
        private readonly Dictionary<string, double> _usual = new(StringComparer.Ordinal);
        private TableRow? _agent;
        private DateTimeOffset? _lastSeenAt;

        public string AgentId => agentId;

        public void Take(TableRow row, DateTimeOffset now, Dictionary<string, List<Holding>> backoff)
        {
            if (row.RowKey == RowKeys.Agent)
                _agent = row;
            _lastSeenAt ??= AgentLoadRow.LastSeenAt(row);
            if (TrackRecordRow.TypeOf(row) is { } known && row.Columns.Double(TrackRecordRow.UsualSecondsColumn) is { } usual)
                _usual[known] = usual;
            if (!row.RowKey.StartsWith(RowKeys.HoldingPrefix, StringComparison.Ordinal))
                return;
            var type = row.Columns.Required(Type);
            if (HoldingRow.NextRetryAt(row) is not { } retryAt)
            {
                _held.Add(new(row.RowKey[RowKeys.HoldingPrefix.Length..], row.Columns.Required(Tenant), type, row.Columns.Time(HoldingRow.SinceColumn)));
            }
            else if (retryAt > now)
            {
                _inBackoff[type] = _inBackoff.GetValueOrDefault(type) + 1;
                var holding = HoldingRow.Read(row);
                if (!backoff.TryGetValue(holding.TenantId, out var tasks))
                    backoff.Add(holding.TenantId, tasks = []);
                tasks.Add(holding);
            }
        }

        /// <summary>Rows that outlived their agent are no agent.</summary>
        public void AddTo(List<CountedAgent> agents)
        {
            if (_agent is not { Columns: var columns })
                return;
            var limits = AgentLimits.Default with
            {
                MaxConcurrentTasks = columns.Int(MaxTasks) ?? AgentLimits.Default.MaxConcurrentTasks,
                TypeLimits = JsonSerializer.Deserialize(columns.Required(TypeLimits), StoredJson.Default.DictionaryStringInt32)!,
            };
            var offer = new AgentOffer(
                agentId,
                columns.String(Tenant),
                columns.Required(Types).Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
                JsonSerializer.Deserialize(columns.Required(Labels), StoredJson.Default.DictionaryStringString)!);
            agents.Add(new CountedAgent(offer, limits, AgentRow.Standing(_agent), _lastSeenAt, _held, _inBackoff, _usual));
        }
    }
}

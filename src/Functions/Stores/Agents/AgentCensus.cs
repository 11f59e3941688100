using Headgate.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>What a count needs of one agent.</summary>
/// <param name="LastSeenAt">Its last sign of life as its rows have it; null where they have none.</param>
/// <param name="Capabilities">The task types it takes.</param>
/// <param name="Held">How many tasks of each type it holds.</param>
/// <param name="InBackoff">Of each type, how many tasks that it ran last are not due yet.</param>
public sealed record CountedAgent(
    string AgentId,
    int MaxConcurrentTasks,
    IReadOnlyList<string> Capabilities,
    DateTimeOffset? LastSeenAt,
    IReadOnlyDictionary<string, int> Held,
    IReadOnlyDictionary<string, int> InBackoff);

/// <summary>Counts all agents in one pass over their rows: a page at a time, a few columns of each row, and no further than a bound.</summary>
public sealed class AgentCensus(ITableStore tables)
{
    private const string MaxTasks = "maxConcurrentTasks";
    private const string Types = "capabilities";
    private const string Type = "type";

    private static readonly string[] s_columns = [MaxTasks, Types, AgentLoadRow.LastSeenColumn, Type, HoldingRow.NextRetryColumn];

    /// <param name="now">What is due before is in backoff no more.</param>
    /// <param name="maxRows">Rows read; where there are more, the last agents in order of their ids are missing.</param>
    public async ValueTask<(IReadOnlyList<CountedAgent> Agents, bool IsComplete)> ReadAsync(DateTimeOffset now, int maxRows, CancellationToken cancellationToken)
    {
        var agents = new List<CountedAgent>();
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

                current.Take(row, now);
            }

            read += page.Rows.Count;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null && read < maxRows);

        var isComplete = query.Continuation is null;
        // Where reading stopped, the last agent's rows may go on.
        if (isComplete)
            current?.AddTo(agents);
        return (agents, isComplete);
    }

    private sealed class Count(string agentId)
    {
        private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _inBackoff = new(StringComparer.Ordinal);
        private TableRow? _agent;
        private DateTimeOffset? _lastSeenAt;

        public string AgentId => agentId;

        public void Take(TableRow row, DateTimeOffset now)
        {
            if (row.RowKey == RowKeys.Agent)
                _agent = row;
            _lastSeenAt ??= AgentLoadRow.LastSeenAt(row);
            if (!row.RowKey.StartsWith(RowKeys.HoldingPrefix, StringComparison.Ordinal))
                return;
            if (HoldingRow.NextRetryAt(row) is not { } retryAt)
                Add(_held, row);
            else if (retryAt > now)
                Add(_inBackoff, row);
        }

        /// <summary>Rows that outlived their agent are no agent.</summary>
        public void AddTo(List<CountedAgent> agents)
        {
            if (_agent is not { Columns: var columns })
                return;
            var types = columns.Required(Types).Split(',', StringSplitOptions.RemoveEmptyEntries);
            agents.Add(new CountedAgent(agentId, columns.Int(MaxTasks) ?? 0, types, _lastSeenAt, _held, _inBackoff));
        }

        private static void Add(Dictionary<string, int> counts, TableRow row)
        {
            var type = row.Columns.Required(Type);
            counts[type] = counts.GetValueOrDefault(type) + 1;
        }
    }
}

using System.Runtime.CompilerServices;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using Headgate.Ports.Recent;

namespace Headgate.Functions.Stores.Agents;

/// <summary>Everything in an agent's partition, read as one range.</summary>
/// <param name="Load">Null until its first heartbeat or claim.</param>
/// <param name="Holdings">Held tasks and those in backoff that it ran last.</param>
/// <param name="CancelRequested">Ids of tasks it is to stop.</param>
public sealed record AgentSnapshot(
    AgentRecord Agent,
    AgentLoadRecord? Load,
    IReadOnlyList<Holding> Holdings,
    IReadOnlySet<string> CancelRequested)
{
    /// <summary>By task type; a type not listed: it has ended none.</summary>
    public IReadOnlyDictionary<string, TrackRecord> Records { get; init; } = NoRecords;

    private static readonly IReadOnlyDictionary<string, TrackRecord> NoRecords = new Dictionary<string, TrackRecord>(StringComparer.Ordinal);

    public IEnumerable<Holding> Held => Holdings.Where(holding => holding.IsHeld);

    public AgentLoad CountLoad() => new(Agent.Limits, Held.Select(holding => holding.Type));

    /// <summary>Null where the rows hold no agent.</summary>
    public static AgentSnapshot? Of(IEnumerable<TableRow> rows)
    {
        AgentRecord? agent = null;
        AgentLoadRecord? load = null;
        var holdings = new List<Holding>();
        var cancel = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, TrackRecord>? records = null;
        foreach (var row in rows)
        {
            if (row.RowKey == RowKeys.Agent)
                agent = AgentRow.Read(row);
            else if (row.RowKey == RowKeys.AgentLoad)
                load = AgentLoadRow.Read(row);
            else if (row.RowKey.StartsWith(RowKeys.HoldingPrefix, StringComparison.Ordinal))
                holdings.Add(HoldingRow.Read(row));
            else if (row.RowKey.StartsWith(RowKeys.CancelPrefix, StringComparison.Ordinal))
                cancel.Add(row.RowKey[RowKeys.CancelPrefix.Length..]);
            else if (TrackRecordRow.TypeOf(row) is { } type)
                (records ??= new(StringComparer.Ordinal))[type] = TrackRecordRow.Read(row);
        }

        return agent is null ? null : new AgentSnapshot(agent, load, holdings, cancel) { Records = records ?? NoRecords };
    }

    /// <summary>
    /// Changes the agent's own row, and rewrites its load row along with it: whatever another process decides on the agent as it was then
    /// meets another ETag there.
    /// </summary>
    public TableBatch ChangeTo(AgentRecord agent)
    {
        var write = TableWrite.Replace(AgentRow.Write(agent));
        return Load is null
            ? new TableBatch(Table.Agents, write)
            : new TableBatch(Table.Agents, write, TableWrite.Replace(AgentLoadRow.Write(agent.AgentId, Load)));
    }
}

/// <summary>Reads agents. Callers compare the owner with who asks.</summary>
public sealed class AgentReader(ITableStore tables, IRecentRows recent)
{
    private const int ReadsAtOnce = 32;
    private static readonly string[] GlancedColumns = [AgentRow.DrainedColumn, AgentRow.QuarantinedColumn, AgentLoadRow.LastSeenColumn, HoldingRow.NextRetryColumn];

    public async ValueTask<AgentSnapshot?> ReadAsync(string agentId, CancellationToken cancellationToken = default)
    {
        if (!AgentIds.IsWellFormed(agentId))
            return null;
        var page = await tables.QueryAsync(new TableQuery(Table.Agents, agentId), cancellationToken);
        if (page.Continuation is null)
            return AgentSnapshot.Of(page.Rows);
        var rows = new List<TableRow>(page.Rows);
        while (page.Continuation is not null)
        {
            page = await tables.QueryAsync(new TableQuery(Table.Agents, agentId, Continuation: page.Continuation), cancellationToken);
            rows.AddRange(page.Rows);
        }

        return AgentSnapshot.Of(rows);
    }

    /// <summary>Of tasks that agents hold: how far each has come, by task id; those of which nothing is told are left out.</summary>
    public async ValueTask<IReadOnlyDictionary<string, TaskProgress>> ProgressAsync(IEnumerable<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        var progress = new Dictionary<string, TaskProgress>(StringComparer.Ordinal);
        foreach (var some in tasks.Where(task => task.State.Status.IsHeld()).Chunk(ReadsAtOnce))
        {
            var rows = await Task.WhenAll(some.Select(task =>
                tables.GetAsync(Table.Agents, task.State.AgentId!, RowKeys.Holding(task.TaskId), cancellationToken).AsTask()));
            foreach (var (task, row) in some.Zip(rows))
            {
                if (row is not null && HoldingRow.Read(row) is { Progress: { } told } holding && holding.Attempt == task.State.Attempt)
                    progress[task.TaskId] = told;
            }
        }

        return progress;
    }

    /// <summary>A page at a time and a few columns of each row: nothing is kept of what was read.</summary>
    /// <returns>Null where there is no such agent.</returns>
    public async ValueTask<AgentGlance?> GlanceAsync(string agentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AgentStanding? standing = null;
        var inBackoff = 0;
        DateTimeOffset? lastSeenAt = null;
        DateTimeOffset? earliest = null;
        var query = new TableQuery(Table.Agents, agentId, Columns: GlancedColumns);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (row.RowKey == RowKeys.Agent)
                    standing = AgentRow.Standing(row);
                lastSeenAt ??= AgentLoadRow.LastSeenAt(row);
                if (HoldingRow.NextRetryAt(row) is not { } retryAt || retryAt <= now)
                    continue;
                inBackoff++;
                earliest = earliest is null || retryAt < earliest ? retryAt : earliest;
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return standing is null ? null : new(standing, lastSeenAt, inBackoff, earliest);
    }

    /// <summary>
    /// The agent as this process last saw it, for a hand-out under its load row's ETag: everything that leaves it less room than it had
    /// changes that row. Null where it is not remembered.
    /// </summary>
    public AgentSnapshot? Recent(string agentId) =>
        AgentIds.IsWellFormed(agentId) && recent.FindPartition(Table.Agents, agentId) is { } rows && AgentSnapshot.Of(rows) is { Load: not null } agent ? agent : null;

    public async ValueTask<AgentRecord?> AgentAsync(string agentId, CancellationToken cancellationToken = default) =>
        AgentIds.IsWellFormed(agentId) && await tables.GetAsync(Table.Agents, agentId, RowKeys.Agent, cancellationToken) is { } row
            ? AgentRow.Read(row)
            : null;

    /// <summary>A page of the ids of one owner's agents.</summary>
    /// <param name="after">The last id already seen.</param>
    public async ValueTask<(IReadOnlyList<string> AgentIds, bool More)> IdsAsync(string owner, string? after, int take, CancellationToken cancellationToken = default)
    {
        // '!' is the least character an id may go on with, so this is the first key behind 'after'.
        var page = await tables.QueryAsync(new TableQuery(Table.AgentsByOwner, owner, after is null ? null : after + "!", Take: take), cancellationToken);
        return ([.. page.Rows.Select(row => row.RowKey)], page.Continuation is not null);
    }

    /// <summary>The ids of all agents of all owners.</summary>
    public async IAsyncEnumerable<string> AllIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new TableQuery(Table.AgentsByOwner, null);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                yield return row.RowKey;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }
}

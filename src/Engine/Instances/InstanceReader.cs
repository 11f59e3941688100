using System.Text.Json;
using Headgate.Engine.History;
using Headgate.Storage.Sqlite;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances;

/// <summary>Reads instances from disk, blocking. It doesn't see records that are not merged.</summary>
internal sealed class InstanceReader(ReaderPool readers)
{
    private const string Columns =
        "id, name, execution, status, created, updated, due, input, output, custom_status, failure, parent_id, parent_name, parent_task, parent_execution, tags";

    private static readonly Sql One = new($"SELECT {Columns} FROM durable_instances WHERE id = ?1");
    private static readonly Sql Range = new($"SELECT {Columns} FROM durable_instances WHERE id > ?1 AND id >= ?2 ORDER BY id LIMIT ?3");
    private static readonly Sql Inbox = new("SELECT number, execution, event FROM durable_inbox WHERE id = ?1 ORDER BY number");
    private static readonly Sql Turns = new("SELECT events FROM durable_history WHERE id = ?1 ORDER BY turn");
    private static readonly Sql Due = new("SELECT id, due FROM durable_instances WHERE due IS NOT NULL");
    private static readonly Sql Latest = new("SELECT max(updated) FROM durable_instances WHERE due IS NOT NULL");
    private static readonly Sql InboxOwners = new("SELECT DISTINCT id FROM durable_inbox");

    /// <returns>Null if there is none.</returns>
    public InstanceRow? Read(string id) => Query(One, id, static statement => statement.Step() ? Row(statement) : null);

    /// <param name="after">Id, exclusive.</param>
    /// <param name="from">Id, inclusive.</param>
    /// <param name="count">Most to read.</param>
    /// <returns>Instances in order of id.</returns>
    public List<InstanceRow> ReadRange(string after, string from, int count) => Query(Range, after, statement =>
    {
        statement.Bind(2, from).Bind(3, count);
        return All(statement, Row);
    });

    public List<InboxItem> ReadInbox(string id) => Query(Inbox, id, static statement =>
        All(statement, static item => new InboxItem(item.Long(0), item.Long(1), HistoryCodec.Decode(item.Blob(2)))));

    /// <returns>How many turns were read.</returns>
    public int ReadHistory(string id, List<HistoryEvent> events) => Query(Turns, id, statement =>
    {
        var turns = 0;
        for (; statement.Step(); turns++)
            HistoryCodec.Decode(statement.Blob(0), events);
        return turns;
    });

    /// <summary>Every instance with an <see cref="InstanceRow.Due"/>.</summary>
    public List<(string Id, long Due)> ReadDue() =>
        Query(Due, null, static statement => All(statement, static row => (row.Text(0), row.Long(1))));

    /// <summary>The latest update of an instance with an <see cref="InstanceRow.Due"/>; default if none.</summary>
    public DateTimeOffset ReadLatest() =>
        Query(Latest, null, static statement => statement.Step() && statement.LongOrNull(0) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : default);

    public List<string> ReadInboxOwners() => Query(InboxOwners, null, static statement => All(statement, static row => row.Text(0)));

    private static InstanceRow Row(Statement statement) => new()
    {
        Id = statement.Text(0),
        Name = statement.Text(1),
        Execution = statement.Long(2),
        Status = (OrchestrationRuntimeStatus)statement.Long(3),
        Created = new(statement.Long(4), TimeSpan.Zero),
        Updated = new(statement.Long(5), TimeSpan.Zero),
        Due = statement.LongOrNull(6),
        Input = statement.TextOrNull(7),
        Output = statement.TextOrNull(8),
        CustomStatus = statement.TextOrNull(9),
        Failure = statement.IsNull(10) ? null : HistoryCodec.DecodeFailure(statement.Blob(10)),
        Parent = statement.IsNull(11)
            ? null
            : new(statement.Text(11), statement.Text(12), (int)statement.Long(13), statement.Long(14)),
        Tags = statement.IsNull(15) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(statement.Text(15)),
    };

    private static List<T> All<T>(Statement statement, Func<Statement, T> row)
    {
        var all = new List<T>();
        while (statement.Step())
            all.Add(row(statement));
        return all;
    }

    /// <param name="sql">What to run.</param>
    /// <param name="first">The first parameter; null if there is none.</param>
    /// <param name="read">Binds the other parameters and steps through the rows.</param>
    private T Query<T>(Sql sql, string? first, Func<Statement, T> read)
    {
        var connection = readers.Borrow();
        try
        {
            var statement = connection.Prepare(sql);
            if (first is not null)
                statement.Bind(1, first);
            try
            {
                return read(statement);
            }
            finally
            {
                statement.Reset();
            }
        }
        finally
        {
            readers.Return(connection);
        }
    }
}

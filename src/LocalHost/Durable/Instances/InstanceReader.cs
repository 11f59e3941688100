using System.Text.Json;
using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Sqlite;
using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Durable.Instances;

/// <summary>Reads instances from disk. Blocks for the read; nothing here sees what is appended but not yet written.</summary>
internal sealed class InstanceReader(ReaderPool readers)
{
    private const string Columns =
        "id, name, execution, status, created, updated, due, input, output, custom_status, failure, parent_id, parent_name, parent_task, parent_execution, tags";

    private static readonly Sql One = new($"SELECT {Columns} FROM durable_instances WHERE id = ?1");
    private static readonly Sql Range = new($"SELECT {Columns} FROM durable_instances WHERE id > ?1 AND id >= ?2 ORDER BY id LIMIT ?3");
    private static readonly Sql Inbox = new("SELECT number, execution, event FROM durable_inbox WHERE id = ?1 ORDER BY number");
    private static readonly Sql Turns = new("SELECT events FROM durable_history WHERE id = ?1 ORDER BY turn");
    private static readonly Sql Due = new("SELECT id, due FROM durable_instances WHERE due IS NOT NULL");
    private static readonly Sql InboxOwners = new("SELECT DISTINCT id FROM durable_inbox");

    private delegate void RowAction(Statement statement);

    /// <returns>Null if there is none.</returns>
    public InstanceRow? Read(string id)
    {
        InstanceRow? row = null;
        Query(One, statement => statement.Bind(1, id), statement => row = Row(statement));
        return row;
    }

    /// <summary>Instances after an id, in order of id.</summary>
    public List<InstanceRow> ReadRange(string after, string from, int count)
    {
        var rows = new List<InstanceRow>();
        Query(Range, statement => statement.Bind(1, after).Bind(2, from).Bind(3, count), statement => rows.Add(Row(statement)));
        return rows;
    }

    public void ReadInbox(string id, List<InboxItem> items) => Query(
        Inbox,
        statement => statement.Bind(1, id),
        statement => items.Add(new(statement.Long(0), statement.Long(1), HistoryCodec.Decode(statement.Blob(2)))));

    /// <returns>How many turns were read.</returns>
    public int ReadHistory(string id, List<HistoryEvent> events)
    {
        var turns = 0;
        Query(Turns, statement => statement.Bind(1, id), statement =>
        {
            HistoryCodec.Decode(statement.Blob(0), events);
            turns++;
        });
        return turns;
    }

    /// <summary>Every instance that time or a start of the process must wake.</summary>
    public List<(string Id, long Due)> ReadDue()
    {
        var all = new List<(string Id, long Due)>();
        Query(Due, _ => { }, statement => all.Add((statement.Text(0), statement.Long(1))));
        return all;
    }

    public List<string> ReadInboxOwners()
    {
        var all = new List<string>();
        Query(InboxOwners, _ => { }, statement => all.Add(statement.Text(0)));
        return all;
    }

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

    private void Query(Sql sql, Action<Statement> bind, RowAction row)
    {
        var connection = readers.Borrow();
        try
        {
            var statement = connection.Prepare(sql);
            bind(statement);
            try
            {
                while (statement.Step())
                    row(statement);
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

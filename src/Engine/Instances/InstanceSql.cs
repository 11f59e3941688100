using System.Text.Json;
using Headgate.Engine.History;
using Headgate.Engine.Instances.Records;
using Headgate.Storage.Sqlite;

namespace Headgate.Engine.Instances;

/// <summary>The SQL that changes instances, their histories and inboxes.</summary>
internal static class InstanceSql
{
    private static readonly Sql PutRow = new(
        """
        INSERT OR REPLACE INTO durable_instances
          (id, name, execution, status, created, updated, due, input, output, custom_status, failure, parent_id, parent_name, parent_task, parent_execution, tags)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """);

    private static readonly Sql ProgressRow = new("UPDATE durable_instances SET status = ?2, updated = ?3, due = ?4 WHERE id = ?1");
    private static readonly Sql DeleteRow = new("DELETE FROM durable_instances WHERE id = ?1");
    private static readonly Sql PutTurnRow = new("INSERT OR REPLACE INTO durable_history (id, turn, events) VALUES (?1, ?2, ?3)");
    private static readonly Sql DeleteTurns = new("DELETE FROM durable_history WHERE id = ?1");
    private static readonly Sql PutInboxRow = new("INSERT OR REPLACE INTO durable_inbox (id, number, execution, event) VALUES (?1, ?2, ?3, ?4)");
    private static readonly Sql DeleteInboxRow = new("DELETE FROM durable_inbox WHERE id = ?1 AND number = ?2");
    private static readonly Sql DeleteInboxRows = new("DELETE FROM durable_inbox WHERE id = ?1");

    public static void Put(Connection connection, InstanceRow row)
    {
        var statement = connection.Prepare(PutRow)
            .Bind(1, row.Id)
            .Bind(2, row.Name)
            .Bind(3, row.Execution)
            .Bind(4, (long)row.Status)
            .Bind(5, row.Created.UtcTicks)
            .Bind(6, row.Updated.UtcTicks)
            .Bind(7, row.Due)
            .Bind(8, row.Input)
            .Bind(9, row.Output)
            .Bind(10, row.CustomStatus);
        if (HistoryCodec.Encode(row.Failure) is { } failure)
            statement.Bind(11, failure.AsSpan());
        else
            statement.BindNull(11);
        statement
            .Bind(12, row.Parent?.InstanceId)
            .Bind(13, row.Parent?.Name)
            .Bind(14, row.Parent?.TaskId)
            .Bind(15, row.Parent?.Execution)
            .Bind(16, row.Tags is { Count: > 0 } ? JsonSerializer.Serialize(row.Tags) : null)
            .Run();
    }

    public static void Progress(Connection connection, InstanceProgress progress) => connection.Prepare(ProgressRow)
        .Bind(1, progress.Id).Bind(2, (long)progress.Status).Bind(3, progress.Updated.UtcTicks).Bind(4, progress.Due).Run();

    public static void Delete(Connection connection, string id) => connection.Prepare(DeleteRow).Bind(1, id).Run();

    public static void PutTurn(Connection connection, TurnAdded turn) =>
        connection.Prepare(PutTurnRow).Bind(1, turn.Id).Bind(2, turn.Number).Bind(3, turn.Events.AsSpan()).Run();

    public static void ClearHistory(Connection connection, string id) => connection.Prepare(DeleteTurns).Bind(1, id).Run();

    public static void PutInbox(Connection connection, EventQueued queued) => connection.Prepare(PutInboxRow)
        .Bind(1, queued.Id).Bind(2, queued.Item.Number).Bind(3, queued.Item.Execution).Bind(4, HistoryCodec.Encode(queued.Item.Event).AsSpan()).Run();

    public static void DeleteInbox(Connection connection, string id, long number) =>
        connection.Prepare(DeleteInboxRow).Bind(1, id).Bind(2, number).Run();

    public static void ClearInbox(Connection connection, string id) => connection.Prepare(DeleteInboxRows).Bind(1, id).Run();
}

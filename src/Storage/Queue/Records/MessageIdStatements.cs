using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue.Records;

/// <summary>All SQL on the message_ids table: ids of completed messages, many to a row.</summary>
internal static class MessageIdStatements
{
    private static readonly Sql InsertIds = new("INSERT INTO message_ids(latest, ids) VALUES (?1, ?2)");
    private static readonly Sql DeleteIds = new("DELETE FROM message_ids WHERE latest <= ?1");
    private static readonly Sql SelectIds = new("SELECT ids FROM message_ids ORDER BY number");

    public static void Insert(Connection connection, IReadOnlyList<SentId> ids)
    {
        var writer = new ByteWriter();
        foreach (var id in ids)
            writer.Text(id.Queue).Text(id.MessageId).Number(id.At.UtcTicks);
        connection.Prepare(InsertIds).Bind(1, ids.Max(id => id.At.UtcTicks)).Bind(2, writer.Written).Run();
    }

    /// <summary>Deletes ids of messages sent at or before <paramref name="time"/>, except those that share a row with later ones.</summary>
    public static void Forget(Connection connection, DateTimeOffset time) => connection.Prepare(DeleteIds).Bind(1, time.UtcTicks).Run();

    public static List<SentId> Read(Connection connection)
    {
        var statement = connection.Prepare(SelectIds);
        var all = new List<SentId>();
        while (statement.Step())
        {
            var reader = new ByteReader(statement.Blob(0));
            while (!reader.AtEnd)
                all.Add(new(reader.Text()!, reader.Text()!, new(reader.Number(), TimeSpan.Zero)));
        }

        return all;
    }
}

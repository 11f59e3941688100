using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Sqlite;
using Headgate.LocalHost.Tables.InMemory;

namespace Headgate.LocalHost.Tables;

/// <summary>A change on its way to the disk: its rows and its messages, all or nothing.</summary>
internal sealed class ChangeOperation(RowMemory memory, IReadOnlyList<StoredRow> rows, IReadOnlyList<QueuedMessage> messages) : IWriteOperation
{
    public void Write(Connection connection)
    {
        foreach (var row in rows)
            RowStatements.Write(connection, row);
        foreach (var message in messages)
            MessageStatements.Insert(connection, message);
    }

    public void Flushed() => memory.Flushed(rows);
}

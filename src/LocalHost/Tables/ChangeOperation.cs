using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Tables;

/// <summary>A change on its way to the disk: its rows and its messages, all or nothing.</summary>
internal sealed class ChangeOperation(IReadOnlyList<StoredRow> rows, IReadOnlyList<QueuedMessage> messages) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var row in rows)
            records.Row(row);
        foreach (var message in messages)
            records.MessageSent(message);
    }
}

using Headgate.LocalHost.Journal;
using Headgate.LocalHost.Queue;
using Headgate.LocalHost.Sqlite.Writing;

namespace Headgate.LocalHost.Tables;

/// <summary>A change on its way to the disk: its rows and its messages, all or nothing.</summary>
internal sealed class ChangeOperation(StoredRow[] rows, IReadOnlyList<QueuedMessage> messages) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var row in rows)
            records.Row(row);
        for (var i = 0; i < messages.Count; i++)
            records.MessageSent(messages[i]);
    }
}

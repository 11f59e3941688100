using Headgate.Storage.Log;

namespace Headgate.Storage.Tables;

/// <summary>A change on its way to the disk: its rows and its messages, all or nothing.</summary>
internal sealed class ChangeOperation(StoredRow[] rows, IReadOnlyList<ILogRecord> messages) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var row in rows)
            records.Add(row);
        for (var i = 0; i < messages.Count; i++)
            records.Add(messages[i]);
    }
}

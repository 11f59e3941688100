using Headgate.Storage.Log;

namespace Headgate.Storage.Tables;

/// <summary>A change in the log: its rows and messages, all or nothing.</summary>
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

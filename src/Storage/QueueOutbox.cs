using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Tables;

namespace Headgate.Storage;

/// <summary>Sends the messages of table changes through the queue.</summary>
internal sealed class QueueOutbox(SqliteQueue queue) : IOutbox
{
    public void Check(IReadOnlyList<OutgoingMessage> messages) => SqliteQueue.Check(messages);

    public IReadOnlyList<ILogRecord> Stage(IReadOnlyList<OutgoingMessage> messages) => queue.Stage(messages);

    public void Publish(IReadOnlyList<ILogRecord> staged) => queue.Publish((IReadOnlyList<QueuedMessage>)staged);
}

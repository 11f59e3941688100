using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Queue;
using Headgate.Storage.Tables;

namespace Headgate.Storage;

/// <summary>Puts the messages of table changes into the store's queues.</summary>
internal sealed class QueueOutbox(SqliteQueue queue) : IOutbox
{
    public void Check(IReadOnlyList<OutgoingMessage> messages) => SqliteQueue.Check(messages);

    public IReadOnlyList<ILogRecord> Stage(IReadOnlyList<OutgoingMessage> messages) => queue.Stage(messages);

    public void Publish(IReadOnlyList<ILogRecord> staged) => queue.Publish((IReadOnlyList<QueuedMessage>)staged);
}

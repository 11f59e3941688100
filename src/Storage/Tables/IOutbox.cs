using Headgate.Ports;
using Headgate.Storage.Log;

namespace Headgate.Storage.Tables;

/// <summary>Takes the messages of a change, which go into the same log entry as its rows.</summary>
internal interface IOutbox
{
    /// <exception cref="ArgumentException">A message breaks a limit.</exception>
    void Check(IReadOnlyList<OutgoingMessage> messages);

    /// <summary>
    /// Numbers the messages and drops duplicates. The caller must append them to the log before <see cref="Publish"/>: the log must have a
    /// message before anyone can complete it.
    /// </summary>
    IReadOnlyList<ILogRecord> Stage(IReadOnlyList<OutgoingMessage> messages);

    void Publish(IReadOnlyList<ILogRecord> staged);
}

using Headgate.Ports;
using Headgate.Storage.Log;

namespace Headgate.Storage.Tables;

/// <summary>Where the messages go that a change carries: into the same entry of the log as its rows.</summary>
internal interface IOutbox
{
    /// <exception cref="ArgumentException">A message breaks a limit.</exception>
    void Check(IReadOnlyList<OutgoingMessage> messages);

    /// <summary>
    /// Numbers the messages, without duplicates. The caller appends them to the log and then publishes them: nobody may settle a message
    /// that the log does not have.
    /// </summary>
    IReadOnlyList<ILogRecord> Stage(IReadOnlyList<OutgoingMessage> messages);

    /// <summary>Sends what <see cref="Stage"/> gave.</summary>
    void Publish(IReadOnlyList<ILogRecord> staged);
}

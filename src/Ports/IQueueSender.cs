namespace Headgate.Ports;

/// <summary>A message on its way to a queue.</summary>
/// <param name="Queue">Queue name.</param>
/// <param name="MessageId">For duplicate detection; 1..128 characters.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="TraceParent">W3C trace context of the sender, if any.</param>
/// <param name="ScheduledFor">Not delivered before; null at once.</param>
public sealed record OutgoingMessage(
    string Queue,
    string MessageId,
    ReadOnlyMemory<byte> Body,
    string? TraceParent = null,
    DateTimeOffset? ScheduledFor = null);

/// <summary>Sends messages that do not ride on a table change.</summary>
public interface IQueueSender
{
    ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default);
}

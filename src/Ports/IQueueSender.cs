namespace Headgate.Ports;

/// <param name="Queue">Queue name.</param>
/// <param name="MessageId">For duplicate detection; 1..128 characters.</param>
/// <param name="Body">UTF-8 JSON, at most 256 KiB.</param>
/// <param name="TraceParent">The sender's W3C trace context.</param>
/// <param name="ScheduledFor">Not delivered before; null for at once.</param>
public sealed record OutgoingMessage(
    string Queue,
    string MessageId,
    ReadOnlyMemory<byte> Body,
    string? TraceParent = null,
    DateTimeOffset? ScheduledFor = null);

/// <summary>Sends messages that are not part of a <see cref="TableChange"/>.</summary>
public interface IQueueSender
{
    ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default);
}

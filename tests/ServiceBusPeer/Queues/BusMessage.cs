using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Headgate.ServiceBusPeer.Queues;

/// <summary>A message as its sender gave it.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="Properties">The sender's own, by name.</param>
/// <param name="ScheduledFor">Null at once.</param>
public sealed record BusMessage(
    string Id, byte[] Body, string? ContentType, IReadOnlyDictionary<string, object?> Properties, DateTimeOffset? ScheduledFor)
{
    /// <summary>The message format in which the Azure clients put several messages into one: each data section is a whole message.</summary>
    private const uint Batch = 0x80013700;

    private static readonly Symbol ScheduledTime = "x-opt-scheduled-enqueue-time";

    public string Text => Encoding.UTF8.GetString(Body);

    internal static IReadOnlyList<BusMessage> Read(Message message) => message.Format != Batch
        ? [ReadOne(message)]
        : [.. Sections(message.BodySection).Select(section => ReadOne(Message.Decode(new ByteBuffer(section, 0, section.Length, section.Length))))];

    private static BusMessage ReadOne(Message message) => new(
        message.Properties?.MessageId ?? "",
        Sections(message.BodySection).SelectMany(section => section).ToArray(),
        message.Properties?.ContentType?.ToString(),
        message.ApplicationProperties?.Map.ToDictionary(property => (string)property.Key, property => (object?)property.Value) ?? [],
        message.MessageAnnotations?[ScheduledTime] is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null);

    private static IEnumerable<byte[]> Sections(RestrictedDescribed body) => body switch
    {
        Data one => [one.Binary],
        DataList several => Enumerable.Range(0, several.Count).Select(i => several[i].Binary),
        _ => throw new AmqpException(ErrorCode.NotImplemented, $"A body of {body.GetType().Name} is not read here."),
    };
}

using System.Xml.Linq;
using Headgate.ServiceBusPeer.Queues;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>A queue as the service's management endpoint describes it.</summary>
internal static class CountsXml
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Bus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Details = "http://schemas.microsoft.com/netservices/2011/06/servicebus";

    /// <param name="name">As asked for.</param>
    /// <param name="queue">Null where there is none: the service answers an empty feed then.</param>
    public static string Of(string name, BusQueue? queue)
    {
        if (queue is null)
            return new XElement(Atom + "feed", new XElement(Atom + "title", "Publicly Listed Services")).ToString();
        var messages = queue.Messages;
        var dead = queue.DeadLetters.Count;
        var scheduled = messages.Count(message => message.IsScheduled);
        return new XElement(
            Atom + "entry",
            new XElement(Atom + "title", name),
            new XElement(
                Atom + "content",
                new XAttribute("type", "application/xml"),
                new XElement(
                    Bus + "QueueDescription",
                    new XElement(Bus + "MessageCount", messages.Count + dead),
                    new XElement(
                        Bus + "CountDetails",
                        new XElement(Details + "ActiveMessageCount", messages.Count - scheduled),
                        new XElement(Details + "DeadLetterMessageCount", dead),
                        new XElement(Details + "ScheduledMessageCount", scheduled),
                        new XElement(Details + "TransferMessageCount", 0),
                        new XElement(Details + "TransferDeadLetterMessageCount", 0))))).ToString();
    }
}

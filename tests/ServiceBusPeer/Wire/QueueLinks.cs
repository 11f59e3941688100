using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Headgate.ServiceBusPeer.Queues;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>Links on which clients send to queues.</summary>
internal sealed class QueueLinks(BusQueues queues, PeerScript script, Action<Connection> breakConnection) : ILinkProcessor
{
    private const int Credit = 1000;

    public void Process(AttachContext attachContext) => _ = AttachAsync(attachContext);

    private async Task AttachAsync(AttachContext context)
    {
        var refusal = default(string);
        switch (script.Reach(PeerStep.Attach))
        {
            case PeerAnswer.Silent:
                return;
            case PeerAnswer.Lost:
                breakConnection(context.Link.Session.Connection);
                return;
            case PeerAnswer.Late late:
                await late.Until;
                break;
            case PeerAnswer.Refused refused:
                refusal = refused.Condition;
                break;
        }

        var queue = context.Attach.Target is Target target ? queues.Find(target.Address.TrimStart('/')) : null;
        refusal ??= queue is null ? ErrorCode.NotFound : null;
        if (refusal is not null)
        {
            context.Complete(new Error(new Symbol(refusal)));
            return;
        }

        context.Attach.MaxMessageSize = BusPeer.MaxMessageBytes;
        context.Complete(new Endpoint(queue!, script, breakConnection), Credit);
    }

    private sealed class Endpoint(BusQueue queue, PeerScript script, Action<Connection> breakConnection) : LinkEndpoint
    {
        public override void OnMessage(MessageContext messageContext) => _ = TakeAsync(messageContext);

        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
        }

        private async Task TakeAsync(MessageContext context)
        {
            var sent = BusMessage.Read(context.Message);
            switch (script.Reach(PeerStep.Transfer))
            {
                case PeerAnswer.Silent:
                    return;
                case PeerAnswer.Refused refused:
                    context.Complete(new Error(new Symbol(refused.Condition)));
                    return;
                case PeerAnswer.Lost:
                    queue.Take(sent);
                    breakConnection(context.Link.Session.Connection);
                    return;
                case PeerAnswer.Late late:
                    await late.Until;
                    break;
            }

            queue.Take(sent);
            context.Complete();
        }
    }
}

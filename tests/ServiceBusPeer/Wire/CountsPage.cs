using Headgate.ServiceBusPeer.Queues;
using Microsoft.AspNetCore.Http;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>The HTTP side: <c>GET /{queue}</c> describes a queue.</summary>
internal sealed class CountsPage(BusQueues queues, PeerScript script)
{
    public async Task AnswerAsync(HttpContext context, string queue)
    {
        switch (script.Reach(PeerStep.Counts))
        {
            case PeerAnswer.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case PeerAnswer.Lost:
                context.Abort();
                return;
            case PeerAnswer.Late late:
                await late.Until;
                break;
            case PeerAnswer.Refused refused:
                context.Response.StatusCode = int.Parse(refused.Condition);
                return;
            case PeerAnswer.Garbled garbled:
                await context.Response.WriteAsync(garbled.Body);
                return;
        }

        await context.Response.WriteAsync(CountsXml.Of(queue, queues.Find(queue)));
    }
}

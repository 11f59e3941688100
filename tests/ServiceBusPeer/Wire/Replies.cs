using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Headgate.ServiceBusPeer.Wire;

/// <summary>Answers requests at one address: <c>$cbs</c>, or a queue's <c>$management</c>.</summary>
/// <param name="step">The step at which the script is asked.</param>
/// <param name="script">What is to go wrong.</param>
/// <param name="breakConnection">Breaks the connection a request came on.</param>
/// <param name="serve">The answer's body; its status is 200 with one, else 204.</param>
internal sealed class Replies(PeerStep step, PeerScript script, Action<Connection> breakConnection, Func<Message, Map?> serve) : IRequestProcessor
{
    public int Credit => 100;

    public void Process(RequestContext requestContext) => _ = AnswerAsync(requestContext);

    private async Task AnswerAsync(RequestContext context)
    {
        switch (script.Reach(step))
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
                context.Complete(Reply(StatusOf(refused.Condition), refused.Condition, null));
                return;
        }

        var body = serve(context.Message);
        context.Complete(step == PeerStep.Token ? Reply(202, null, null) : Reply(body is null ? 204 : 200, null, body));
    }

    private Message Reply(int status, string? condition, Map? body)
    {
        var (code, description) = step == PeerStep.Token ? ("status-code", "status-description") : ("statusCode", "statusDescription");
        var properties = new ApplicationProperties { [code] = status, [description] = condition ?? "done" };
        if (condition is not null)
            properties["errorCondition"] = new Symbol(condition);
        return new Message { ApplicationProperties = properties, BodySection = new AmqpValue { Value = body ?? [] } };
    }

    private static int StatusOf(string condition) => condition switch
    {
        "amqp:unauthorized-access" => 401,
        "amqp:resource-limit-exceeded" => 403,
        "amqp:not-found" => 404,
        "com.microsoft:server-busy" => 503,
        _ => 500,
    };
}

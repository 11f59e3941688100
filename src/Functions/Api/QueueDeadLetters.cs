using System.Globalization;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Messages;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api;

/// <summary><c>GET /queues/{queue}/dead-letters</c>: the messages that the queue gave up, the oldest first.</summary>
public sealed class ListQueueDeadLetters(IQueueDeadLetters letters)
{
    [Function(nameof(ListQueueDeadLetters)), OperatorOnly]
    [Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List messages that a queue gave up"), Answers(200, typeof(Page<QueueDeadLetterView>)), Refuses("queue-not-found")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "queues/{queue}/dead-letters")] HttpRequest request, string queue, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"queue-dead-letters:{queue}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (queue != RunQueue.Name)
            return Reply.Refused(QueueDeadLetters.NoQueue(queue));
        var after = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var found = await letters.ReadAsync(queue, after, paging.Limit + 1, cancellationToken);
        var next = found.Count > paging.Limit ? paging.Next(found[paging.Limit - 1].SequenceNumber.ToString(CultureInfo.InvariantCulture)) : null;
        return Reply.Ok(new Page<QueueDeadLetterView>([.. found.Take(paging.Limit).Select(QueueDeadLetters.View)], next), ContractJson.Default.PageQueueDeadLetterView);
    }
}

/// <summary><c>POST /queues/{queue}/dead-letters/resend</c>: the oldest go into the queue again.</summary>
public sealed class ResendQueueDeadLetters(IQueueDeadLetters letters, IQueueMetrics queues)
{
    private const int Most = 100;

    [Function(nameof(ResendQueueDeadLetters)), OperatorOnly, Audits(AuditAction.MessagesResent)]
    [Does("Send messages again that a queue gave up"), Takes(typeof(ResendRequest)), Answers(200, typeof(ResendAnswer)), Refuses("queue-not-found")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queues/{queue}/dead-letters/resend")] HttpRequest request, string queue, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var limit = fields.Int("limit", 1, Most) ?? Most;
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (queue != RunQueue.Name)
            return Reply.Refused(QueueDeadLetters.NoQueue(queue));
        var resent = await letters.ResendAsync(queue, limit, cancellationToken);
        return Reply.Ok(new ResendAnswer(resent, (await queues.GetAsync(queue, cancellationToken)).DeadLettered), ContractJson.Default.ResendAnswer);
    }
}

internal static class QueueDeadLetters
{
    public static Refusal NoQueue(string queue) => Refusals.NotFound("Queue", "queue-not-found", "queue", queue);

    public static QueueDeadLetterView View(QueueDeadLetter letter)
    {
        var start = Start(letter.Body.Span);
        return new(letter.SequenceNumber, letter.MessageId, start?.TenantId, start?.RunId, letter.EnqueuedAt, letter.Deliveries, letter.Reason, letter.Description);
    }

    // It may be anybody's message.
    private static RunStart? Start(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractJson.Default.RunStart);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

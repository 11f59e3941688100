using Headgate.Core.Retry;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Alerts;

/// <summary>
/// Sends the notifications that are due, to each receiver in the order in which they happened, and tries those that fail again with backoff. A try is
/// noted before it is made, so that a process that dies in it repeats it no sooner.
/// </summary>
public sealed class NotificationDelivery(
    ITableStore tables, WebhookSender sender, HeadgateOptions options, TimeProvider clock, IRandomSource random, ILogger<NotificationDelivery> logger)
{
    /// <summary>How long a notification is worth telling.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>Tries of one notification.</summary>
    public const int MaxAttempts = 70;

    private const int MaxInRound = 20;

    /// <summary>A round waits for receivers, and rules are judged after it.</summary>
    private static readonly TimeSpan s_longestRound = TimeSpan.FromSeconds(10);

    private static readonly RetryPolicy s_backoff = new(BaseSeconds: 15, MaxSeconds: 1800, Jitter: 0.2);

    /// <summary>
    /// One round, of some seconds at most: receivers are told side by side, and one that fails is left until it is due again. What a receiver refuses is given up,
    /// and the next is sent; one that is gone is told nothing more.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Alerts.Receivers.Count > 0)
            await Task.WhenAll(options.Alerts.Receivers.Select(receiver => TellAsync(receiver, cancellationToken)));
    }

    private async Task TellAsync(NotificationReceiver receiver, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RowKeys.Alerts, RowKeys.AlertMessagesOf(receiver.Name), MaxInRound), cancellationToken);
        if (page.Rows.Count == 0)
            return;
        var record = await RecordAsync(receiver.Name, cancellationToken);
        if (record.IsGone(receiver.Fingerprint))
        {
            var writes = page.Rows.Select(row => TableWrite.DeleteIfExists(row.PartitionKey, row.RowKey));
            await SubmitAsync([.. writes, (record with { Dropped = record.Dropped + page.Rows.Count }).Write()]);
            return;
        }

        var began = clock.GetTimestamp();
        foreach (var row in page.Rows)
        {
            if (clock.GetElapsedTime(began) > s_longestRound || !await TellAsync(receiver, PendingNotification.Read(row), cancellationToken))
                return;
        }
    }

    /// <returns>Whether the next one may be sent.</returns>
    private async Task<bool> TellAsync(NotificationReceiver receiver, PendingNotification pending, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A time in the far future was noted before the clock was set back.
        if (pending.NextAt > now && pending.NextAt - now <= TimeSpan.FromSeconds(s_backoff.MaxSeconds))
            return false;
        if (now - pending.CreatedAt >= MaxAge)
        {
            var late = await RecordAsync(receiver.Name, cancellationToken);
            return (await SubmitAsync(TableWrite.Delete(pending.Row()), (late with { Dropped = late.Dropped + 1 }).Write())).Succeeded;
        }

        var attempt = pending.Attempts + 1;
        var tried = pending with { Attempts = attempt, NextAt = now + Backoff.Delay(s_backoff, attempt, random.NextDouble()) };
        var noted = await SubmitAsync(TableWrite.Replace(tried.Row()));
        if (!noted.Succeeded)
            return false;
        var row = tried.Row() with { ETag = noted.ETags[0][0] };

        var (outcome, problem) = await sender.SendAsync(receiver, pending.MessageId, pending.Text, now, cancellationToken);
        if (problem is not null)
            logger.NotNotified(receiver.Name, pending.RuleId, attempt, problem);
        var isGivenUp = outcome == WebhookOutcome.Failed && attempt >= MaxAttempts;
        var record = After(await RecordAsync(receiver.Name, cancellationToken), receiver, pending, outcome, problem, now);
        if (outcome == WebhookOutcome.Failed && !isGivenUp)
            await SubmitAsync(record.Write());
        else
            await SubmitAsync(TableWrite.Delete(row), (isGivenUp ? record with { Dropped = record.Dropped + 1 } : record).Write());
        return outcome is WebhookOutcome.Taken or WebhookOutcome.Refused;
    }

    private static ReceiverRecord After(
        ReceiverRecord record, NotificationReceiver receiver, PendingNotification pending, WebhookOutcome outcome, string? problem, DateTimeOffset now)
    {
        if (outcome == WebhookOutcome.Taken)
            return record with { LastAttemptAt = now, LastSuccessAt = now, Problem = null, Failures = 0, GoneAt = null, GoneFrom = null };
        record = record with { LastAttemptAt = now, Problem = problem, Failures = record.Failures + 1 };
        if (outcome == WebhookOutcome.Failed)
            return record;
        record = record with { DeadLettered = record.DeadLettered + 1, LastDeadLetter = new(pending.RuleId, now, problem!) };
        return outcome == WebhookOutcome.Gone ? record with { GoneAt = now, GoneFrom = receiver.Fingerprint } : record;
    }

    private async Task<ReceiverRecord> RecordAsync(string name, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, RowKeys.Alerts, RowKeys.AlertReceiver(name), cancellationToken) is { } row ? ReceiverRecord.Read(row) : new ReceiverRecord(name);

    // What was sent is noted even if the process is to stop.
    private async Task<ChangeOutcome> SubmitAsync(params TableWrite[] writes) =>
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, writes)), CancellationToken.None);
}

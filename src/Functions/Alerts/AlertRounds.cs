using System.Text.Json;
using Headgate.Contracts;
using Headgate.Core.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Alerts;

/// <summary>
/// Evaluates the rules, round by round. How an alert moved and who is to be told of it stand in one transaction, under the ETags of what was read: a
/// process that dies tells nothing twice, and of several that evaluate at one time one's round stands.
/// </summary>
public sealed class AlertRounds(
    ITableStore tables,
    AlertTally tally,
    SharedMinutes shared,
    NotificationDelivery delivery,
    ProcessName process,
    Arrangement arrangement,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<AlertRounds> logger)
{
    /// <summary>How many notifications may wait for one receiver. For one more the oldest makes room, and is counted.</summary>
    public const int MaxPending = 100;

    /// <summary>Longer than two rounds in Azure.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(3);

    private const int MaxRemoved = TableBatch.MaxWrites;

    private volatile Seen? _seen;

    /// <summary>What this process saw in its last round; null where it made none.</summary>
    public (DateTimeOffset At, IReadOnlyDictionary<string, double> Values)? LastSeen => _seen is { } seen ? (seen.At, seen.Values) : null;

    /// <summary>One round, unless it is another process' turn. A store that is away costs this round.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            tally.Look(AlertSeries.MinuteOf(clock.GetUtcNow()));
            await shared.WriteAsync(cancellationToken);
            if (await EvaluateAsync(cancellationToken) is { } seen)
                await TellAsync(seen, cancellationToken);
        }
        catch (StoreUnavailableException failure)
        {
            logger.NotMeasured(failure, "alerts");
        }
    }

    private async Task TellAsync(Seen seen, CancellationToken cancellationToken)
    {
        try
        {
            await delivery.RunAsync(cancellationToken);
        }
        finally
        {
            // The round is over, whether or not everybody could be told.
            _seen = seen;
        }
    }

    /// <returns>What was seen; null if it is not this process' turn.</returns>
    private async Task<Seen?> EvaluateAsync(CancellationToken cancellationToken)
    {
        var board = await AlertBoard.ReadAsync(tables, cancellationToken);
        var now = clock.GetUtcNow();
        // A lease that ends later than one can was taken before the clock was set back.
        if (!arrangement.IsAlone && board.Round is { } round && round.Holder != process.Text && round.Until > now && round.Until <= now + s_lease)
            return null;

        var moves = new List<Move>();
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        var measured = tally.Minutes().ToDictionary(rule => rule.Rule.Id, rule => rule.Minutes, StringComparer.Ordinal);
        foreach (var definition in options.Alerts.Rules)
        {
            if (definition.Rule is null)
                continue;
            var move = Judge(definition, board, measured[definition.Id], now);
            if (move.After.Status.Value is { } value)
                values[definition.Id] = value;
            if (move.IsToBeWritten)
                moves.Add(move);
        }

        if (!await WriteAsync(board, moves, values, now, cancellationToken))
            return null;
        await ForgetAsync(board, AlertSeries.MinuteOf(now), cancellationToken);
        return new Seen(now, values);
    }

    private Move Judge(AlertDefinition definition, AlertBoard board, IReadOnlyList<KeyValuePair<long, double[]>> own, DateTimeOffset now)
    {
        var (rule, minute) = (definition.Rule!, AlertSeries.MinuteOf(now));
        var series = new AlertSeries(rule);
        var stored = board.Alert(rule.Id);
        if (arrangement.IsAlone)
        {
            foreach (var (each, parts) in own)
                series.Add(each, parts);
        }
        else
        {
            foreach (var each in board.Minutes)
            {
                if (each.Rules.TryGetValue(rule.Id, out var parts))
                    series.Add(each.Minute, parts);
            }
        }

        foreach (var (each, parts) in stored.Minutes)
            series.Recall(each, parts);
        series.Trim(minute);
        var next = AlertEvaluation.Next(stored.Status, rule, series.Samples(minute), now);
        var (news, told) = AlertEvaluation.Tell(next, now);
        var minutes = next.State == AlertState.Ok ? [] : series.Minutes.ToList();
        return new(definition, stored, stored with { Status = told, Minutes = minutes }, stored with { Status = next, Minutes = minutes }, news);
    }

    private async Task<bool> WriteAsync(AlertBoard board, List<Move> moves, Dictionary<string, double> values, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite>();
        if (!arrangement.IsAlone)
            writes.Add(new AlertRound(process.Text, now + s_lease, now, values, board.Round?.ETag).Write());
        var room = TableBatch.MaxWrites - writes.Count - moves.Count;
        var receivers = options.Alerts.Receivers
            .Where(receiver => !board.Receiver(receiver.Name).IsGone(receiver.Fingerprint))
            .Select(receiver => new Outbox(board.Receiver(receiver.Name), board.Pending.Where(each => each.Receiver == receiver.Name)))
            .ToList();
        foreach (var move in moves)
        {
            // What has no room in this transaction is told in the next round.
            var isTold = move.News is not null && room >= 3 * receivers.Count;
            writes.Add((move.News is null || isTold ? move.After : move.Untold).Write());
            if (!isTold)
                continue;
            logger.AlertMoved(move.Definition.Id, move.News!.Value.WireName(), move.After.Status.Value, move.Definition.Threshold);
            foreach (var receiver in receivers)
            {
                room--;
                // The oldest goes: what is new tells more of how things are.
                if (receiver.Oldest(MaxPending) is { } oldest)
                {
                    room--;
                    writes.Add(TableWrite.Delete(oldest.Row()));
                }

                writes.Add(TableWrite.Insert(Message(receiver.Record.Name, move, now).Row()));
            }
        }

        writes.AddRange(receivers.Where(receiver => receiver.Dropped > 0).Select(receiver => (receiver.Record with { Dropped = receiver.Record.Dropped + receiver.Dropped }).Write()));
        return writes.Count == 0 || (await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, writes)), cancellationToken)).Succeeded;
    }

    private static PendingNotification Message(string receiver, Move move, DateTimeOffset now)
    {
        var (definition, status) = (move.Definition, move.After.Status);
        var message = new AlertMessage(
            $"alert.{move.News!.Value.WireName()}",
            now,
            new AlertNews(definition.Id, definition.Title, move.News.Value.WireName(), status.Since ?? now, status.Value, definition.Threshold, definition.Severity, definition.Description, definition.RunbookPath));
        return new(receiver, $"msg_{now.ToUnixTimeMilliseconds()}_{definition.Id}", definition.Id, JsonSerializer.Serialize(message, ContractJson.Default.AlertMessage), now, 0, now);
    }

    /// <summary>Removes minutes that no rule looks at, and what is kept of rules and receivers that are no more.</summary>
    private async Task ForgetAsync(AlertBoard board, long minute, CancellationToken cancellationToken)
    {
        var minutes = board.Minutes.Where(each => each.Minute <= minute - AlertMeter.KeptMinutes || each.Minute > minute + AlertMeter.KeptMinutes).Select(each => each.Key);
        var rules = board.RuleIds.Except(options.Alerts.Rules.Select(rule => rule.Id)).Select(RowKeys.AlertRule);
        var names = options.Alerts.Receivers.Select(receiver => receiver.Name).ToHashSet(StringComparer.Ordinal);
        var receivers = board.ReceiverNames.Where(name => !names.Contains(name)).Select(RowKeys.AlertReceiver);
        var messages = board.Pending.Where(each => !names.Contains(each.Receiver)).Select(each => each.Row().RowKey);
        var old = minutes.Concat(rules).Concat(receivers).Concat(messages)
            .Take(MaxRemoved)
            .Select(key => TableWrite.DeleteIfExists(RowKeys.Alerts, key))
            .ToList();
        if (old.Count > 0)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, old)), cancellationToken);
    }

    private sealed record Seen(DateTimeOffset At, IReadOnlyDictionary<string, double> Values);

    /// <param name="Untold">As it is if nobody is told in this round.</param>
    private sealed record Move(AlertDefinition Definition, StoredAlert Before, StoredAlert After, StoredAlert Untold, AlertState? News)
    {
        /// <summary>An alert that is well is written when it becomes so; of any other, the minutes it is judged by are kept, once a minute.</summary>
        public bool IsToBeWritten =>
            After.Status with { Value = null } != Before.Status with { Value = null }
            || (After.Status.State != AlertState.Ok && Newest(After.Minutes) != Newest(Before.Minutes));

        private static long Newest(IReadOnlyList<KeyValuePair<long, double[]>> minutes) => minutes.Count == 0 ? 0 : minutes[minutes.Count - 1].Key;
    }

    private sealed class Outbox(ReceiverRecord record, IEnumerable<PendingNotification> pending)
    {
        private readonly Queue<PendingNotification> _pending = new(pending.OrderBy(each => each.CreatedAt));
        private int _added;

        public ReceiverRecord Record => record;

        public int Dropped { get; private set; }

        /// <summary>One more is sent. If so many wait already, the oldest of those that are stored makes room.</summary>
        public PendingNotification? Oldest(int most)
        {
            _added++;
            if (_pending.Count + _added <= most || _pending.Count == 0)
                return null;
            Dropped++;
            return _pending.Dequeue();
        }
    }
}

using Headgate.Ports;

namespace Headgate.Functions.Stores.Alerts;

/// <summary>A notification that is to be sent to one receiver.</summary>
/// <param name="Receiver">Its name.</param>
/// <param name="MessageId">The same in every try: a receiver that has it already may drop it.</param>
/// <param name="RuleId">Of what it tells.</param>
/// <param name="Text">JSON.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="NextAt">Not tried before.</param>
/// <param name="ETag">Null where it is new.</param>
public sealed record PendingNotification(
    string Receiver, string MessageId, string RuleId, string Text, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset NextAt, string? ETag = null)
{
    public TableRow Row() => new(
        RowKeys.Alerts,
        RowKeys.AlertMessage(Receiver, CreatedAt, RuleId),
        new Columns(6)
        {
            { "messageId", MessageId },
            { "ruleId", RuleId },
            { "text", Text },
            { "createdAt", CreatedAt },
            { "attempts", Attempts },
            { "nextAt", NextAt },
        },
        ETag);

    public static PendingNotification Read(TableRow row) => new(
        row.RowKey[RowKeys.AlertMessagePrefix.Length..row.RowKey.LastIndexOf(':')],
        row.Columns.Required("messageId"),
        row.Columns.Required("ruleId"),
        row.Columns.Required("text"),
        row.Columns.Time("createdAt") ?? DateTimeOffset.MinValue,
        row.Columns.Int("attempts") ?? 0,
        row.Columns.Time("nextAt") ?? DateTimeOffset.MinValue,
        row.ETag);
}

/// <summary>How notifying a receiver went.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LastAttemptAt">Null where it was never tried.</param>
/// <param name="LastSuccessAt">Null where it never took anything.</param>
/// <param name="Problem">Of the last try; null where that went well.</param>
/// <param name="Failures">In a row.</param>
/// <param name="Dropped">Notifications that were given up, ever.</param>
/// <param name="DeadLettered">Notifications that it refused, ever.</param>
/// <param name="LastDeadLetter">The last of these.</param>
/// <param name="GoneAt">When it said that it wants nothing more; null where it never did.</param>
/// <param name="GoneFrom">The settings with which it was told then.</param>
public sealed record ReceiverRecord(
    string Name,
    DateTimeOffset? LastAttemptAt = null,
    DateTimeOffset? LastSuccessAt = null,
    string? Problem = null,
    int Failures = 0,
    int Dropped = 0,
    int DeadLettered = 0,
    RefusedNotification? LastDeadLetter = null,
    DateTimeOffset? GoneAt = null,
    string? GoneFrom = null)
{
    /// <param name="fingerprint">Of its settings now: with others it gets another chance.</param>
    public bool IsGone(string fingerprint) => GoneFrom == fingerprint;

    public TableWrite Write() => TableWrite.Upsert(new TableRow(
        RowKeys.Alerts,
        RowKeys.AlertReceiver(Name),
        new Columns(11)
        {
            { "lastAttemptAt", LastAttemptAt },
            { "lastSuccessAt", LastSuccessAt },
            { "problem", Problem },
            { "failures", Failures == 0 ? null : Failures },
            { "dropped", Dropped == 0 ? null : Dropped },
            { "deadLettered", DeadLettered == 0 ? null : DeadLettered },
            { "refusedRule", LastDeadLetter?.RuleId },
            { "refusedAt", LastDeadLetter?.At },
            { "refusedWith", LastDeadLetter?.Problem },
            { "goneAt", GoneAt },
            { "goneFrom", GoneFrom },
        }));

    public static ReceiverRecord Read(TableRow row) => new(
        row.RowKey[RowKeys.AlertReceiverPrefix.Length..],
        row.Columns.Time("lastAttemptAt"),
        row.Columns.Time("lastSuccessAt"),
        row.Columns.String("problem"),
        row.Columns.Int("failures") ?? 0,
        row.Columns.Int("dropped") ?? 0,
        row.Columns.Int("deadLettered") ?? 0,
        row.Columns.String("refusedRule") is { } rule && row.Columns.Time("refusedAt") is { } at ? new(rule, at, row.Columns.String("refusedWith") ?? "") : null,
        row.Columns.Time("goneAt"),
        row.Columns.String("goneFrom"));
}

/// <summary>A notification that its receiver refused.</summary>
/// <param name="RuleId">Of what it told.</param>
/// <param name="Problem">What the receiver answered.</param>
public sealed record RefusedNotification(string RuleId, DateTimeOffset At, string Problem);

using Headgate.Core.Alerts;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Alerts;

/// <summary>An alert as it is stored.</summary>
/// <param name="RuleId">Of its rule.</param>
/// <param name="Status">How it is.</param>
/// <param name="Minutes">What it was judged by, so that another process can go on.</param>
/// <param name="ETag">Null where it has no row.</param>
public sealed record StoredAlert(string RuleId, AlertStatus Status, IReadOnlyList<KeyValuePair<long, double[]>> Minutes, string? ETag)
{
    public static StoredAlert New(string ruleId) => new(ruleId, AlertStatus.Well, [], null);

    /// <summary>What stores it, under its ETag.</summary>
    public TableWrite Write()
    {
        var row = new TableRow(
            RowKeys.Alerts,
            RowKeys.AlertRule(RuleId),
            new Columns(7)
            {
                { "state", Status.State.WireName() },
                { "since", Status.Since },
                { "value", Status.Value },
                { "isTold", Status.IsTold ? true : null },
                { "silencedUntil", Status.SilencedUntil },
                { "silencedBy", Status.SilencedBy },
                { "minutes", Minutes.Count == 0 ? null : MinuteText.OfMinutes(Minutes) },
            },
            ETag);
        return ETag is null ? TableWrite.Insert(row) : TableWrite.Replace(row);
    }

    public static StoredAlert Read(TableRow row) => new(
        row.RowKey[RowKeys.AlertRulePrefix.Length..],
        new AlertStatus(
            AlertStates.TryParse(row.Columns.String("state"), out var state) ? state : AlertState.Ok,
            row.Columns.Time("since"),
            row.Columns.Double("value"),
            row.Columns.Flag("isTold"),
            row.Columns.Time("silencedUntil"),
            row.Columns.String("silencedBy")),
        [.. MinuteText.ToMinutes(row.Columns.String("minutes"))],
        row.ETag);
}

/// <summary>Which process evaluates the rules, where there are several.</summary>
/// <param name="Holder">The process.</param>
/// <param name="Until">Nobody else does before.</param>
/// <param name="At">When it did last.</param>
/// <param name="Values">The newest sample of each rule then; a rule without one is not among them.</param>
/// <param name="ETag">Null where there is no row.</param>
public sealed record AlertRound(string Holder, DateTimeOffset Until, DateTimeOffset At, IReadOnlyDictionary<string, double> Values, string? ETag)
{
    public TableWrite Write()
    {
        var row = new TableRow(
            RowKeys.Alerts,
            RowKeys.AlertRound,
            new Columns(4)
            {
                { "holder", Holder },
                { "until", Until },
                { "at", At },
                { "values", MinuteText.OfRules(Values.Select(value => KeyValuePair.Create(value.Key, new[] { value.Value }))) },
            },
            ETag);
        return ETag is null ? TableWrite.Insert(row) : TableWrite.Replace(row);
    }

    public static AlertRound Read(TableRow row) => new(
        row.Columns.Required("holder"),
        row.Columns.Time("until") ?? DateTimeOffset.MinValue,
        row.Columns.Time("at") ?? DateTimeOffset.MinValue,
        MinuteText.ToRules(row.Columns.String("values")).ToDictionary(value => value.Key, value => value.Value[0], StringComparer.Ordinal),
        row.ETag);
}

/// <summary>What one process measured in a minute, by rule.</summary>
public sealed record AlertMinute(long Minute, string Key, IReadOnlyDictionary<string, double[]> Rules)
{
    /// <param name="text">By <see cref="MinuteText.OfRules"/>.</param>
    public static TableWrite Write(long minute, string process, string text) =>
        TableWrite.Upsert(new TableRow(RowKeys.Alerts, RowKeys.AlertMinute(minute, process), new Columns(1) { { "measured", text } }));

    public static AlertMinute Read(TableRow row) => new(
        long.TryParse(row.RowKey.AsSpan(RowKeys.AlertMinutePrefix.Length, 10), out var minute) ? minute : 0,
        row.RowKey,
        MinuteText.ToRules(row.Columns.String("measured")).ToDictionary(StringComparer.Ordinal));
}

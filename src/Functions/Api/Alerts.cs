using Headgate.Contracts;
using Headgate.Core.Alerts;
using Headgate.Functions.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api;

/// <summary><c>GET /alerts</c></summary>
public sealed class ReadAlerts(ITableStore tables, AlertRounds rounds, HeadgateOptions options, TimeProvider clock)
{
    [Function("ReadAlerts"), OperatorOnly]
    [Does("List the alert rules and who is told"), Answers(200, typeof(AlertsView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "alerts")] HttpRequest request, CancellationToken cancellationToken)
    {
        var board = await AlertBoard.ReadAsync(tables, cancellationToken);
        var now = clock.GetUtcNow();
        // Another process may have looked later than this one.
        var (at, values) = board.Round is { } round && !(rounds.LastSeen?.At >= round.At)
            ? (round.At, round.Values)
            : rounds.LastSeen is { } seen ? (seen.At, seen.Values) : ((DateTimeOffset?)null, (IReadOnlyDictionary<string, double>)new Dictionary<string, double>(StringComparer.Ordinal));
        var view = new AlertsView(
            at,
            [.. options.Alerts.Rules.Select(rule => AlertViews.Of(rule, board.Alert(rule.Id).Status, values.TryGetValue(rule.Id, out var value) ? value : null, now))],
            [.. options.Alerts.Receivers.Select(receiver => AlertViews.Of(receiver, board))]);
        return Reply.Ok(view, ContractJson.Default.AlertsView);
    }
}

/// <summary><c>POST /alerts/{id}/silence</c>: nobody is told of the alert until then. If it still fires when the silence ends, they are told then.</summary>
public sealed class SilenceAlert(ITableStore tables, HeadgateOptions options, NewestFirstIds ids, TimeProvider clock)
{
    private const int MaxDays = 30;

    /// <summary>Each round may write the row, four times a minute.</summary>
    private const int MaxTries = 8;

    [Function("SilenceAlert"), OperatorOnly, Audits(AuditAction.AlertSilenced, Itself = true)]
    [Does("Silence an alert, or end its silence"), Takes(typeof(SilenceRequest))]
    [Answers(200, typeof(AlertView)), Refuses("alert-not-found not-measured busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts/{alertId}/silence")] HttpRequest request, string alertId, FunctionContext context, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);
        var fields = ObjectReader.Root(body);
        var isEnded = fields.IsNull("until");
        var until = fields.Time("until", required: !isEnded);
        var now = clock.GetUtcNow();
        if (until <= now || until > now.AddDays(MaxDays))
            fields.Problem("until", $"must be in the future, and at most {MaxDays} days from now");
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));
        if (options.Alerts.Rules.FirstOrDefault(rule => rule.Id == alertId) is not { } definition)
            return Reply.Refused(Refusals.NotFound("Alert", "alert-not-found", "alertId", alertId));
        if (definition.NotMeasured is { } reason)
            return Reply.Refused(new Refusal(409, "not-measured", "The app does not evaluate this rule").With("reason", reason));

        var actor = context.Caller().Actor;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var row = await tables.GetAsync(Table.Tenants, RowKeys.Alerts, RowKeys.AlertRule(alertId), cancellationToken);
            var stored = row is null ? StoredAlert.New(alertId) : StoredAlert.Read(row);
            var status = stored.Status with { SilencedUntil = until, SilencedBy = until is null ? null : actor };
            var audit = new AuditEntry(null, now, actor, until is null ? AuditAction.AlertUnsilenced : AuditAction.AlertSilenced, alertId, null, context.RequestId());
            var change = new TableChange(new TableBatch(Table.Tenants, (stored with { Status = status }).Write()), audit.ToBatch(ids));
            if (status == stored.Status || (await tables.SubmitAsync(change, cancellationToken)).Succeeded)
                return Reply.Ok(AlertViews.Of(definition, status, status.Value, now), ContractJson.Default.AlertView);
        }

        return Reply.Refused(Refusals.Busy);
    }
}

internal static class AlertViews
{
    private const string NotMeasured = "not-measured";
    private const string Silenced = "silenced";

    /// <param name="value">The newest known.</param>
    public static AlertView Of(AlertDefinition rule, AlertStatus status, double? value, DateTimeOffset now)
    {
        var isSilenced = status.IsSilenced(now);
        return new AlertView(
            rule.Id,
            rule.Title,
            rule.NotMeasured is not null ? NotMeasured : isSilenced ? Silenced : status.State.WireName(),
            status.Since,
            value is { } known ? Math.Round(known, 3) : null,
            rule.Threshold,
            rule.Rule?.ClearAt,
            rule.Severity,
            rule.Description,
            rule.RunbookPath,
            isSilenced ? status.SilencedUntil : null,
            isSilenced ? status.SilencedBy : null,
            status.State == AlertState.Firing,
            rule.NotMeasured);
    }

    public static AlertReceiverView Of(NotificationReceiver receiver, AlertBoard board)
    {
        var record = board.Receiver(receiver.Name);
        return new AlertReceiverView(
            receiver.Name,
            receiver.Url.Authority,
            board.Pending.Count(each => each.Receiver == receiver.Name),
            record.LastAttemptAt,
            record.LastSuccessAt,
            record.Problem,
            record.Failures,
            record.Dropped,
            record.DeadLettered,
            record.LastDeadLetter is { } refused ? new(refused.RuleId, refused.At, refused.Problem) : null,
            record.IsGone(receiver.Fingerprint) ? record.GoneAt : null);
    }
}

namespace Headgate.Contracts;

/// <summary>The answer to <c>GET /alerts</c>.</summary>
/// <param name="EvaluatedAt">When the rules were evaluated last; null where they never were.</param>
/// <param name="Rules">In the order of the rules file.</param>
/// <param name="Receivers">Who is told, by name.</param>
public sealed record AlertsView(DateTimeOffset? EvaluatedAt, IReadOnlyList<AlertView> Rules, IReadOnlyList<AlertReceiverView> Receivers);

/// <param name="Id">Of the rule.</param>
/// <param name="Title">In a few words.</param>
/// <param name="State"><c>ok</c>, <c>pending</c>, <c>firing</c>, <c>resolved</c>; <c>silenced</c> while it is, whatever it would be otherwise; <c>not-measured</c> where the app can't evaluate the rule.</param>
/// <param name="Since">When it came to that, silenced or not; null where it was never anything else than well.</param>
/// <param name="Value">The newest sample; null where there is none.</param>
/// <param name="Threshold">It fires above this.</param>
/// <param name="ClearAt">It is over at or below this; null where it is not measured.</param>
/// <param name="Severity"><c>critical</c>, <c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="Runbook">Path of its page, from the repository's root.</param>
/// <param name="SilencedUntil">Nobody is told before; null where it is not silenced.</param>
/// <param name="SilencedBy">Who silenced it.</param>
/// <param name="IsFiring">Whether it fires, silenced or not.</param>
/// <param name="NotMeasured">Why the app can't evaluate it; null where it does.</param>
public sealed record AlertView(
    string Id,
    string Title,
    string State,
    DateTimeOffset? Since,
    double? Value,
    double Threshold,
    double? ClearAt,
    string Severity,
    string Description,
    string Runbook,
    DateTimeOffset? SilencedUntil,
    string? SilencedBy,
    bool IsFiring,
    string? NotMeasured);

/// <param name="Name">As the settings have it.</param>
/// <param name="Host">Of its address; the rest may be secret.</param>
/// <param name="Pending">Notifications that wait to be sent.</param>
/// <param name="LastAttemptAt">Null where it was never tried.</param>
/// <param name="LastSuccessAt">Null where it never took one.</param>
/// <param name="LastProblem">Of the last try; null where that went well.</param>
/// <param name="Failures">In a row.</param>
/// <param name="Dropped">Notifications that were given up, ever.</param>
/// <param name="DeadLettered">Notifications that it refused, ever.</param>
/// <param name="LastDeadLetter">The last that it refused; null where there is none.</param>
/// <param name="DisabledAt">When it answered 410: it is told nothing more until its settings change. Null where it is told.</param>
public sealed record AlertReceiverView(
    string Name,
    string Host,
    int Pending,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? LastSuccessAt,
    string? LastProblem,
    int Failures,
    int Dropped,
    int DeadLettered,
    AlertDeadLetterView? LastDeadLetter,
    DateTimeOffset? DisabledAt);

/// <param name="AlertId">Of the rule.</param>
/// <param name="At">When it was refused.</param>
/// <param name="Problem">What the receiver answered.</param>
public sealed record AlertDeadLetterView(string AlertId, DateTimeOffset At, string Problem);

/// <summary>The body of <c>POST /alerts/{id}/silence</c>.</summary>
/// <param name="Until">At most 30 days from now; null ends a silence.</param>
public sealed record SilenceRequest(DateTimeOffset? Until);

/// <summary>What a webhook is sent, once for each transition.</summary>
/// <param name="Type"><c>alert.firing</c> or <c>alert.resolved</c>.</param>
/// <param name="Timestamp">When it came to that.</param>
public sealed record AlertMessage(string Type, DateTimeOffset Timestamp, AlertNews Data);

/// <param name="Id">Of the rule.</param>
/// <param name="Title">In a few words.</param>
/// <param name="State"><c>firing</c> or <c>resolved</c>.</param>
/// <param name="Since">When it came to that; earlier than the message if it was silenced then.</param>
/// <param name="Value">The newest sample; null where there is none.</param>
/// <param name="Threshold">It fires above this.</param>
/// <param name="Severity"><c>critical</c>, <c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="Runbook">Path of its page, from the repository's root.</param>
public sealed record AlertNews(
    string Id, string Title, string State, DateTimeOffset Since, double? Value, double Threshold, string Severity, string Description, string Runbook);

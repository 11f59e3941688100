using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>A code that calls refuse with.</summary>
/// <param name="Status">HTTP's.</param>
/// <param name="Retry">Whether it says when another try makes sense: in the header, and in the body too.</param>
/// <param name="Fields">What its body has besides the fields of all; <c>#</c> before a name: a whole number; <c>?</c> behind it: not always.</param>
/// <param name="Header">A header that may come with it.</param>
internal sealed record RefusalRow(int Status, RefusalRetry Retry = RefusalRetry.None, string Fields = "", string? Header = null);

internal enum RefusalRetry
{
    None,
    HeaderAlone,
    Told,
}

/// <summary>Every code, and what it comes with. A test reads the sources for codes that are not here.</summary>
internal static class RefusalTable
{
    public static IReadOnlyDictionary<string, RefusalRow> All { get; } = new Dictionary<string, RefusalRow>(StringComparer.Ordinal)
    {
        ["invalid-request"] = new(400, Fields: "details"),
        ["unknown-plan"] = new(400, Fields: "details plan"),
        ["no-updates"] = new(400, Fields: "message"),
        ["unauthenticated"] = new(401, Header: "WWW-Authenticate"),
        ["insufficient-permission"] = new(403, Fields: "message requiredAction userRole role?"),
        ["tenant-not-active"] = new(403, Fields: "status message", Header: WaitPreference.AppliedHeader),
        ["not-found"] = new(404),
        ["tenant-not-found"] = new(404, Fields: "tenantId"),
        ["run-not-found"] = new(404, Fields: "runId"),
        ["task-not-found"] = new(404, Fields: "taskId"),
        ["agent-not-found"] = new(404, Fields: "agentId"),
        ["member-not-found"] = new(404, Fields: "subject"),
        ["key-not-found"] = new(404, Fields: "keyId"),
        ["policy-not-found"] = new(404, Fields: "name"),
        ["resource-not-found"] = new(404, Fields: "name"),
        ["dead-letter-not-found"] = new(404, Fields: "id"),
        ["schedule-not-found"] = new(404, Fields: "name"),
        ["queue-not-found"] = new(404, Fields: "queue"),
        ["replay-not-found"] = new(404, Fields: "id"),
        ["alert-not-found"] = new(404, Fields: "alertId"),
        ["method-not-allowed"] = new(405),
        ["tenant-exists"] = new(409, Fields: "tenantId"),
        ["already-deleted"] = new(409, Fields: "tenantId deletedAt"),
        ["being-removed"] = new(409, Fields: "tenantId"),
        ["already-paused"] = new(409, Fields: "status"),
        ["not-paused"] = new(409, Fields: "status"),
        ["not-active"] = new(409, Fields: "status"),
        ["invalid-transition"] = new(409, Fields: "from to"),
        ["key-limit"] = new(409, Fields: "reason #currentUsage #limit plan"),
        ["key-rotated"] = new(409, Fields: "keyId replacedBy"),
        ["key-expired"] = new(409, Fields: "keyId"),
        ["key-not-shown"] = new(409, Fields: "keyId? agentId?"),
        ["last-owner"] = new(409, Fields: "subject"),
        ["member-limit"] = new(409, Fields: "reason #currentUsage #limit plan"),
        ["policy-limit"] = new(409, Fields: "reason #currentUsage #limit plan"),
        ["agent-limit"] = new(409, Fields: "reason #currentUsage #limit plan"),
        ["schedule-limit"] = new(409, Fields: "reason #currentUsage #limit plan"),
        ["replay-limit"] = new(409, Fields: "message"),
        ["resource-limit"] = new(409, Fields: "#limit"),
        ["already-held"] = new(409, Fields: "state"),
        ["not-held"] = new(409, Fields: "state"),
        ["run-finished"] = new(409, Fields: "runId status"),
        ["stale-attempt"] = new(409, Fields: "taskId #attempt #currentAttempt"),
        ["agent-in-use"] = new(409, RefusalRetry.Told, "agentId"),
        ["not-measured"] = new(409, Fields: "reason"),
        ["precondition-failed"] = new(412, Header: "ETag"),
        ["body-too-large"] = new(413),
        ["idempotency-mismatch"] = new(422),
        ["rate-limited"] = new(429, RefusalRetry.Told, "#limit #windowSeconds"),
        ["monthly-limit"] = new(429, RefusalRetry.HeaderAlone, "reason #currentUsage #limit plan upgradeUrl", WaitPreference.AppliedHeader),
        ["budget-reached"] = new(429, RefusalRetry.HeaderAlone, "reason budget #currentUsage #limit plan", WaitPreference.AppliedHeader),
        ["concurrency-limit"] = new(429, RefusalRetry.Told, "reason #currentUsage #limit plan", WaitPreference.AppliedHeader),
        ["queue-full"] = new(429, RefusalRetry.Told, "reason #currentUsage #limit plan", WaitPreference.AppliedHeader),
        ["too-many-streams"] = new(429, RefusalRetry.Told, "message"),
        ["too-many-heartbeats"] = new(429, RefusalRetry.Told, "agentId"),
        ["internal-error"] = new(500),
        ["tenant-paused"] = new(503, RefusalRetry.Told, "status message", WaitPreference.AppliedHeader),
        ["busy"] = new(503, RefusalRetry.Told),
        ["store-unavailable"] = new(503, RefusalRetry.Told),
        ["operator-key-unresolved"] = new(503, RefusalRetry.Told),
        ["issuer-unavailable"] = new(503, RefusalRetry.Told),
    };
}

using System.Text.Json;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Errors;
using Headgate.Contracts.Messages;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Contracts.Tests;

/// <summary>One value of every contract, with all fields set, by the name of its frozen file.</summary>
internal static class Samples
{
    private const string RunId = "fe628d0a3c7f00000000000000ab";
    private const string TaskId = RunId + ".backup";

    private static readonly DateTimeOffset At = new(2026, 3, 15, 12, 0, 0, 7, TimeSpan.Zero);
    private static readonly RunLinks Links = new($"/tenants/acme/runs/{RunId}", $"/tenants/acme/runs/{RunId}/timeline", $"/tenants/acme/runs/{RunId}/cancel", $"/tenants/acme/runs/{RunId}/explain", $"/tenants/acme/runs/{RunId}/events");

    private static readonly AttemptView Failed = new(1, "agent-1", At, At.AddSeconds(2), "failure", "network", "connection refused", 7);
    private static readonly AttemptView Going = new(2, "agent-2", At.AddSeconds(10), null, null, null, null, null);

    private static readonly TaskView Task = new(
        TaskId, RunId, "backup", "archive", "running", ["prepare"], ["main"], 2, 3, 2, null, "network", "agent-2", null, new TaskProgress(12.5, 4096, null), [Failed, Going], Json("""{"bytes":12}"""));

    private static readonly RunView Run = new(
        RunId, "acme", "nightly", "failed", "high", At, At.AddSeconds(1), At.AddSeconds(9),
        new RunFailure("task-exhausted", "Task 'backup' failed 4 times.", "backup", "network"), Json("""{"ticket":"T-1"}"""), [Task], Links, RetryBudget: 10, RetriesLeft: 7);

    private static readonly AgentSettings Settings = new(3, new Dictionary<string, int>(StringComparer.Ordinal) { ["backup"] = 1 }, 50, "low", null, 4);

    private static readonly AgentView Agent = new(
        "agent-1", "acme", "box", "linux", "x64", "0.1.0", "online",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["os"] = "linux" }, ["archive", "command"], Settings, At, At.AddSeconds(5), null,
        "quarantined", At.AddSeconds(6), new QuarantineView("disk fails", "key:abc", At.AddSeconds(7)));

    private static readonly TenantView Tenant = new(
        "acme", "Acme", "paused", "pro", new LimitsView(5, 500, 20, 15, 50, new ShadowLimitsView(3), 100, 90, 80, 70, At.AddDays(2), new BudgetView(50, 3600), 30), 2, 40, new PauseView("maintenance", "key:abc", At, At.AddHours(1)), At, "\"12\"", At.AddDays(1), 4,
        [new("budget-runs", 40, 50)], 12);

    private static readonly AlertView Alert = new(
        "resource-held", "A resource is held", "silenced", At, 1, 0, 0, "error", "Nothing goes.", "docs/runbooks/resource-held.md", At.AddHours(2), "key:abc", true, "No instrument.");

    private static readonly TaskResult Result = new(TaskId, 2, "failure", 1.25, "network", "connection refused", 7, "the end of the log", Json("""{"bytes":12}"""), 30);

    private static readonly ResourceView Resource = new(
        "main", "open", At, At.AddMinutes(2), "5 attempts in a row failed.", "key:abc", 4, new Dictionary<string, int>(StringComparer.Ordinal) { ["prune"] = 1 }, 5, 60, 2, 1, 3, 7);

    private static readonly SubmitRunRequest Submission = new(
        "nightly",
        [
            new TaskRequest(
                "backup", "archive", ["prepare"], "agent-1", new Dictionary<string, string>(StringComparer.Ordinal) { ["os"] = "linux" }, 600, "patient", 5, Json("""{"paths":["/data"]}"""), ["main"]),
            new TaskRequest("prepare", "command"),
        ],
        "high",
        Json("""{"ticket":"T-1"}"""),
        10);

    private static readonly ScheduleView Schedule = new(
        "nightly", "30 2 * * 1-5", null, "Europe/Berlin", 600, "queue", "none", true, At, At.AddHours(14), new LastFireView(At.AddHours(-10), "refused", null, "concurrency-limit"));

    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["submit-run-request"] = Submission,
        ["run-accepted"] = new RunAccepted(RunId, "pending", 1, 5, Links, "req-1", "concurrency-limit"),
        ["run-queued"] = new RunQueued(RunId, "queued", 3, At.AddMinutes(2), 5, 5, Links, "req-1", "concurrency-limit"),
        ["run"] = Run,
        ["task"] = Task,
        ["explain"] = new ExplainView(
            "ready",
            [new("agents-busy", At, "Agents busy: 1 of 1 is full.", [TaskId, "agent-1"], ["Wait for one of the tasks to end."]), new("needs", null, "It needs 'prepare' (running) to complete.", null, [])],
            3,
            2,
            At.AddSeconds(90),
            "median of the usual duration of 'archive' on 1 agent (60 s), 1 slot, 2 ahead"),
        ["page-of-runs"] = new Page<RunView>([Run with { Tasks = null, Failure = null, Metadata = null, FinishedAt = null, Status = "running" }], "b3BhcXVl"),
        ["page-of-timeline"] = new Page<TimelineItem>([new(At, "run-admitted"), new(At.AddSeconds(1), "attempt-failed", "backup", 1, "agent-1", "network: connection refused")], null),
        ["page-of-dead-letters"] = new Page<DeadLetterView>([new("dl-1", RunId, TaskId, "archive", "auth", "permission denied", 1, At)], null),
        ["replay-request"] = new ReplayRequest("network", "archive", At, At.AddDays(1), 500, "start", 2.5, false),
        ["replay-preview"] = new ReplayPreview(1, [new("dl-1", RunId, TaskId, "archive", "auth", "permission denied", 1, At)]),
        ["replay-accepted"] = new ReplayAccepted(RunId, 12),
        ["replay"] = new ReplayView(
            RunId, "waiting", "failed-task", 10, 100, 12, 5, 4, 1, new Dictionary<string, int>(StringComparer.Ordinal) { ["busy"] = 3 }, "busy", At, null),
        ["page-of-tenants"] = new Page<TenantView>([Tenant], null),
        ["page-of-keys"] = new Page<KeyView>([new("k1", "laptop", "developer", At, null, ["run:read", "run:create"], At.AddHours(1), "k2")], null),
        ["page-of-members"] = new Page<MemberView>([new("auth0|5f7c", "admin", "Ada", At)], null),
        ["member"] = new MemberView("auth0|5f7c", "owner", null, At),
        ["member-request"] = new MemberRequest("admin", "Ada"),
        ["me"] = new MeView("member", "k1", "acme", "developer", ["run:read", "run:create"], At.AddDays(30)),
        ["rotate-key-request"] = new RotateKeyRequest(3600),
        ["page-of-policies"] = new Page<PolicyView>([new("default", 3, 5, 300, 0.5, 2)], null),
        ["page-of-resources"] = new Page<ResourceView>([Resource with { Since = null, Until = null, Reason = null, HeldBy = null, MaxConcurrent = null, MaxAtOnce = null, InUse = null, Waiting = null }], null),
        ["page-of-agents"] = new Page<AgentView>([Agent with { TenantId = null, LastSeenAt = null, Status = "offline", State = "active", DrainedAt = null, Quarantine = null }], null),
        ["page-of-audit"] = new Page<AuditItem>([new(At, "key:abc", "tenant:pause", "acme", "maintenance"), new(At, "operator:root", "tenant:create", null, null)], null),
        ["create-tenant-request"] = new CreateTenantRequest("acme", "Acme", "pro", new LimitsRequest(7, null, null, 3, 50, new ShadowLimitsView(3), 10, 9, 8, 7, At.AddDays(2), new BudgetView(AgentSeconds: 3600), 30)),
        ["tenant"] = Tenant,
        ["audit-line"] = new AuditLine(RunId, At, "key:abc", "tenant.paused", "acme", "maintenance", "req-1", 7, new string('0', 64), new string('a', 64)),
        ["audit-verification"] = new AuditVerification(
            3, At, At.AddHours(1), "broken", new(4, RunId, At, "A row is missing: the next one has place 3."), 2, true, 5, 0, 40, At, At.AddDays(1)),
        ["usage"] = new UsageView(
            "2026-02", new RunCountsView(41, 38, 1, 1), 44, 1234.5, 5, new Dictionary<string, int>(StringComparer.Ordinal) { ["busy"] = 3 }, 2,
            [new(new DateOnly(2026, 2, 28), new RunCountsView(41, 38, 1, 1), 44, 1234.5, 5, new Dictionary<string, int>(StringComparer.Ordinal) { ["busy"] = 3 }, 2)],
            [new("budget-runs", 41, 50, new DateOnly(2026, 2, 28)), new("monthly-limit", 41, 500, null)]),
        ["delete-tenant-request"] = new DeleteTenantRequest("acme"),
        ["status-changed"] = new StatusChanged(true, "paused", "Tenant paused. New runs will be rejected until resumed."),
        ["create-key-request"] = new CreateKeyRequest("laptop", "developer", At.AddDays(30), ["run:read"]),
        ["key-created"] = new KeyCreated("k1", "hg_k1_secret", "developer", null, ["run:read"]),
        ["schedule"] = Schedule with { Run = Submission },
        ["schedule-request"] = new ScheduleRequest(Submission, "30 2 * * 1-5", null, "Europe/Berlin", 600, "queue", "none", false),
        ["page-of-schedules"] = new Page<ScheduleView>([Schedule], null),
        ["policy"] = new PolicyView("patient", 5, 0.05, 3600, 1, 1.5),
        ["policy-request"] = new PolicyRequest(5, 0.05),
        ["resource"] = Resource,
        ["resource-request"] = new ResourceRequest(4, new Dictionary<string, int>(StringComparer.Ordinal) { ["prune"] = 1 }),
        ["register-agent-request"] = new RegisterAgentRequest(
            "box", "linux", "x64", "0.1.0", "acme", new Dictionary<string, string>(StringComparer.Ordinal) { ["os"] = "linux" }, ["archive"]),
        ["agent-registered"] = new AgentRegistered("agent-1", "hg_a1_secret"),
        ["agent"] = Agent,
        ["agent-settings"] = Settings with { BandwidthLimitMbps = 100 },
        ["agent-load"] = new AgentLoadView("agent-1", "online", 1, 3, 2, [new TypeSlots("backup", 0, 1)], [new TypeCount("backup", 1)], false, At, "draining", 12.5, 40.1, 60, 2),
        ["backoff-status"] = new BackoffStatusView("agent-1", 1, At.AddSeconds(10), [new BackoffTask(TaskId, "archive", 1, 3, At.AddSeconds(10), "network")], At),
        ["quarantine-request"] = new QuarantineRequest("disk fails"),
        ["tenant-backoff"] = new TenantBackoffView("acme", 1, At.AddSeconds(10), [new BackoffTask(TaskId, "archive", 1, 3, At.AddSeconds(10), "network")], true, At),
        ["agent-summary"] = new AgentSummaryView(new AgentCounts(6, 1, 1, 1, 2, 1), new SlotCounts(6, 4), 2, 1, [new TypeSummary("archive", 2, 2, 1)], true, At),
        ["heartbeat-request"] = new HeartbeatRequest(
            "0.1.0", "linux", 12.5, [new DiskReport("/", 1_000, 2_000)], [new RunningAttempt(TaskId, 2, new TaskProgress(12.5, 4096, null))], 4, "s-1", new LoadReport(12.5, 40, 2)),
        ["heartbeat-answer"] = new HeartbeatAnswer(10, Settings, [TaskId], [RunId + ".gone"]),
        ["claim-request"] = new ClaimRequest(3, 30),
        ["claim-answer"] = new ClaimAnswer([new ClaimedTask(TaskId, RunId, "acme", "archive", 2, At.AddSeconds(30), 600, Json("""{"paths":["/data"]}""")) { Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }], 1),
        ["task-result"] = Result,
        ["task-results-request"] = new TaskResultsRequest([Result, new TaskResult(TaskId, 3, "success", 0)]),
        ["task-result-answer"] = new TaskResultAnswer("retry", At.AddSeconds(10)),
        ["task-results-answer"] = new TaskResultsAnswer([new(TaskId, 2, "completed"), new(TaskId, 1, null, null, "stale-attempt", "Attempt 1 is no longer the current one")]),
        ["run-start"] = new RunStart("acme", RunId),
        ["objectives"] = new ObjectivesView([new ObjectiveView("start-delay", "pro", "A run starts soon.", 0.99, "30d", 30, 995, 1000, 0.5, "burning", [new BurnRateView("1h", 14.5, true)])]),
        ["queues"] = new QueuesView(new QueueView(3, 1, 0, 12.5), new QueueView(40, 0, 2, 0), [new("acme", 12, 1.5)]),
        ["page-of-queue-dead-letters"] = new Page<QueueDeadLetterView>([new(17, RunId + ":1", "acme", RunId, At, 10, "MaxDeliveryCountExceeded", "Delivered 10 times.")], null),
        ["resend-request"] = new ResendRequest(50),
        ["resend-answer"] = new ResendAnswer(50, 7),
        ["alerts"] = new AlertsView(At, [Alert], [new("oncall", "hooks.example.org", 2, At, At.AddHours(-1), "answered 500", 3, 1, 4, new("resource-held", At, "answered 400"), At)]),
        ["alert"] = Alert,
        ["silence-request"] = new SilenceRequest(At.AddHours(2)),
        ["alert-message"] = new AlertMessage(
            "alert.firing", At, new AlertNews("resource-held", "A resource is held", "firing", At, 1, 0, "error", "Nothing goes.", "docs/runbooks/resource-held.md")),
        ["update-tenant-request"] = new UpdateTenantRequest("Acme", "pro", new LimitsRequest(7)),
        ["pause-request"] = new PauseRequest("maintenance", At.AddHours(1)),
        ["reason-request"] = new ReasonRequest("disk fails"),
        ["optional-reason-request"] = new OptionalReasonRequest("mended"),
        ["gateway-request"] = new GatewayRequest("acme", "build-17", "nightly", "archive", null, Json("""{"paths":["/data"]}"""), "high", "webhook", Json("""{"ticket":"T-1"}""")),
        ["agent-settings-request"] = new AgentSettingsRequest(3, new Dictionary<string, int>(StringComparer.Ordinal) { ["backup"] = 1 }, 50, "low", 100),
        ["probe"] = new ProbeView("ok"),
        ["service"] = new ServiceView("headgate", new Dictionary<string, string>(StringComparer.Ordinal) { ["health"] = "/health" }),
        ["error"] = new ErrorBody("Invalid request", "invalid-request", "req-1", [new ErrorDetail("tasks[0].name", "is required")], 30),
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}

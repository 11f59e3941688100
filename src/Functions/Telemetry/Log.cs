using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// The app's log lines. Event ids are stable and never used twice: 1000 HTTP and access, 1100 tenants and keys,
/// 1200 admission and runs, 1300 agents, 1400 maintenance.
/// </summary>
public static partial class Log
{
    [LoggerMessage(1000, LogLevel.Error, "{Function} failed (request {RequestId})")]
    public static partial void FunctionFailed(this ILogger logger, Exception failure, string? function, string requestId);

    [LoggerMessage(1001, LogLevel.Warning, "{Function} could not reach the store (request {RequestId})")]
    public static partial void StoreUnavailable(this ILogger logger, Exception failure, string? function, string requestId);

    [LoggerMessage(1002, LogLevel.Error, "The audit row for {Action} on {Target} by {Actor} could not be written (request {RequestId})")]
    public static partial void AuditFailed(this ILogger logger, Exception failure, string action, string? target, string actor, string requestId);

    [LoggerMessage(1003, LogLevel.Warning, "The audit of tenant {TenantId} could not be chained; the next look at it, or the next hour, tries again")]
    public static partial void AuditNotChained(this ILogger logger, Exception failure, string tenantId);

    [LoggerMessage(1100, LogLevel.Information, "{Action} on {TenantId} by {Actor}")]
    public static partial void TenantMoved(this ILogger logger, string tenantId, string action, string actor);

    [LoggerMessage(1101, LogLevel.Warning, "HEADGATE_ADMIN_KEY is a reference to the vault that does not resolve: operators get 503 until the app is restarted with the key")]
    public static partial void OperatorKeyUnresolved(this ILogger logger);

    [LoggerMessage(1102, LogLevel.Warning, "The metadata of the issuer {Issuer} can't be read")]
    public static partial void IssuerUnavailable(this ILogger logger, Exception failure, string issuer);

    [LoggerMessage(1103, LogLevel.Information, "All rows of tenant {TenantId} are removed")]
    public static partial void TenantRemoved(this ILogger logger, string tenantId);

    [LoggerMessage(1110, LogLevel.Warning, "Tenant {TenantId} has used {Used} of {Limit} of its {Code} this month")]
    public static partial void LimitNear(this ILogger logger, string tenantId, string code, long used, long limit);

    [LoggerMessage(1111, LogLevel.Warning, "Tenant {TenantId} has used up its {Code} of this month: {Used} of {Limit}")]
    public static partial void LimitReached(this ILogger logger, string tenantId, string code, long used, long limit);

    [LoggerMessage(1200, LogLevel.Warning, "Run {RunId} could not be woken; maintenance will look at it")]
    public static partial void WakeFailed(this ILogger logger, Exception failure, string runId);

    [LoggerMessage(1201, LogLevel.Debug, "Run {RunId} has been started before")]
    public static partial void AlreadyStarted(this ILogger logger, string runId);

    [LoggerMessage(1202, LogLevel.Debug, "Run {RunId} has no orchestration to wake")]
    public static partial void NothingToWake(this ILogger logger, string runId);

    [LoggerMessage(1210, LogLevel.Debug, "Run {RunId} of tenant {TenantId} was admitted ({Origin}, plan {Plan}, {Milliseconds} ms)")]
    public static partial void RunAdmitted(this ILogger logger, string runId, string tenantId, string origin, string plan, double milliseconds);

    [LoggerMessage(1211, LogLevel.Debug, "A run of tenant {TenantId} was refused: {Code} ({Origin}, plan {Plan}, {Milliseconds} ms)")]
    public static partial void RunRefused(this ILogger logger, string tenantId, string code, string origin, string plan, double milliseconds);

    [LoggerMessage(1212, LogLevel.Warning, "Run {RunId} of tenant {TenantId} could not be started; its message is delivered again")]
    public static partial void StartFailed(this ILogger logger, Exception failure, string runId, string tenantId);

    [LoggerMessage(1213, LogLevel.Debug, "Run {RunId} of tenant {TenantId} has ended: {Status}, after {Seconds} s")]
    public static partial void RunEnded(this ILogger logger, string runId, string tenantId, string status, double seconds);

    [LoggerMessage(1220, LogLevel.Debug, "Task {TaskId} waits for retry {Retry} of {MaxRetries} until {NextRetryAt:O}: {Category}")]
    public static partial void TaskBacksOff(this ILogger logger, string taskId, int retry, int maxRetries, DateTimeOffset nextRetryAt, string category);

    [LoggerMessage(1221, LogLevel.Debug, "Task {TaskId} is exhausted after {Retries} of {MaxRetries} retries: {Category}")]
    public static partial void TaskExhausted(this ILogger logger, string taskId, int retries, int maxRetries, string category);

    [LoggerMessage(1222, LogLevel.Debug, "Task {TaskId} has failed for good in attempt {Attempt}: {Category}")]
    public static partial void TaskFailed(this ILogger logger, string taskId, int attempt, string category);

    [LoggerMessage(1320, LogLevel.Debug, "Agent {AgentId} was given {Tasks} tasks")]
    public static partial void TasksHandedOut(this ILogger logger, string agentId, int tasks);

    [LoggerMessage(1321, LogLevel.Debug, "Agent {AgentId} has no room: its claim waits for a slot")]
    public static partial void AgentIsFull(this ILogger logger, string agentId);

    [LoggerMessage(1300, LogLevel.Warning, "Agent {AgentId} went silent and lost {Tasks} tasks")]
    public static partial void LeasesLost(this ILogger logger, string agentId, int tasks);

    [LoggerMessage(1303, LogLevel.Warning, "Agent {AgentId} is used by more than one process: {Why}")]
    public static partial void AgentShared(this ILogger logger, string agentId, string why);

    [LoggerMessage(1304, LogLevel.Warning, "{Action} on {AgentId} by {Actor}")]
    public static partial void AgentStandingChanged(this ILogger logger, string agentId, string action, string actor);

    [LoggerMessage(1305, LogLevel.Warning, "Agent {AgentId} is in quarantine: {Reason}")]
    public static partial void AgentQuarantinedItself(this ILogger logger, string agentId, string reason);

    [LoggerMessage(1306, LogLevel.Warning, "Agent {AgentId} could not be compared with others")]
    public static partial void NotCompared(this ILogger logger, Exception failure, string agentId);

    [LoggerMessage(1307, LogLevel.Warning, "Agent {AgentId} sends heartbeats faster than any should; more are refused until it slows down")]
    public static partial void HeartbeatsFlood(this ILogger logger, string agentId);

    [LoggerMessage(1301, LogLevel.Error, "The tasks of silent agent {AgentId} could not be taken from it")]
    public static partial void SweepFailed(this ILogger logger, Exception failure, string agentId);

    [LoggerMessage(1302, LogLevel.Error, "The timeouts of agent {AgentId}'s tasks could not be looked at")]
    public static partial void TimeoutsUnseen(this ILogger logger, Exception failure, string agentId);

    [LoggerMessage(1310, LogLevel.Warning, "Resource {Resource} of tenant {TenantId} is {Phase}: {Why}")]
    public static partial void ResourceMoved(this ILogger logger, string resource, string tenantId, string phase, string why);

    [LoggerMessage(1400, LogLevel.Warning, "The start message of run {RunId} was sent again (send {Sends})")]
    public static partial void StartResent(this ILogger logger, string runId, int sends);

    [LoggerMessage(1401, LogLevel.Warning, "The orchestration of run {RunId} was gone and has been started again")]
    public static partial void OrphanRestarted(this ILogger logger, string runId);

    [LoggerMessage(1403, LogLevel.Error, "The runs of tenant {TenantId} could not be repaired")]
    public static partial void RepairFailed(this ILogger logger, Exception failure, string tenantId);

    [LoggerMessage(1406, LogLevel.Error, "The schedule {Schedule} of tenant {TenantId} could not be fired")]
    public static partial void ScheduleFailed(this ILogger logger, Exception failure, string schedule, string tenantId);

    [LoggerMessage(1405, LogLevel.Warning, "{What} could not be measured")]
    public static partial void NotMeasured(this ILogger logger, Exception failure, string what);

    [LoggerMessage(1407, LogLevel.Error, "Replay {ReplayId} passed over run {RunId}, which could not be tried again")]
    public static partial void ReplayFailed(this ILogger logger, Exception failure, string replayId, string runId);

    [LoggerMessage(1410, LogLevel.Warning, "Alert {Rule} is {State}: {Value} against {Threshold}")]
    public static partial void AlertMoved(this ILogger logger, string rule, string state, double? value, double threshold);

    [LoggerMessage(1411, LogLevel.Warning, "Receiver {Receiver} was not told of alert {Rule} (try {Attempt}): {Problem}")]
    public static partial void NotNotified(this ILogger logger, string receiver, string rule, int attempt, string problem);

    [LoggerMessage(1404, LogLevel.Warning, "Task {TaskId} was held by agent {AgentId} without a reservation and is taken from it")]
    public static partial void UnreservedTaskLost(this ILogger logger, string taskId, string agentId);

    [LoggerMessage(1402, LogLevel.Error, "The ledger of tenant {TenantId} counted {Counted} runs in flight where there are {Live}; corrected")]
    public static partial void LedgerCorrected(this ILogger logger, string tenantId, int counted, int live);
}

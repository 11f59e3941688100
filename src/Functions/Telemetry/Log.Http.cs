using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// The app's log lines, a file a room. Event ids are stable and never used twice: 1000 HTTP and access, 1100 tenants and keys,
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
}

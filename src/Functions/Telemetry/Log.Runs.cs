using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Telemetry;

public static partial class Log
{
    [LoggerMessage(1200, LogLevel.Warning, "Run {RunId} could not be woken; maintenance will look at it")]
    public static partial void WakeFailed(this ILogger logger, Exception failure, string runId);

    [LoggerMessage(1201, LogLevel.Debug, "Run {RunId} has been started before")]
    public static partial void AlreadyStarted(this ILogger logger, string runId);
}

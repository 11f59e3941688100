using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Telemetry;

public static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "{Action} on {TenantId} by {Actor}")]
    public static partial void TenantMoved(this ILogger logger, string tenantId, string action, string actor);
}

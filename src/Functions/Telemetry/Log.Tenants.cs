using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Telemetry;

public static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "{Action} on {TenantId} by {Actor}")]
    public static partial void TenantMoved(this ILogger logger, string tenantId, string action, string actor);

    [LoggerMessage(1101, LogLevel.Warning, "HEADGATE_ADMIN_KEY is a reference to the vault that does not resolve: operators get 503 until the app is restarted with the key")]
    public static partial void OperatorKeyUnresolved(this ILogger logger);
}

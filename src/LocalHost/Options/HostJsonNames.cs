namespace Headgate.LocalHost.Options;

/// <summary>The settings that may stand in host.json: those honoured here and those that only the Azure host reads.</summary>
internal static class HostJsonNames
{
    public static readonly string[] Root =
    [
        "version", "extensions", "logging", "functionTimeout", "concurrency", "extensionBundle", "functions", "healthMonitor",
        "retry", "singleton", "telemetryMode", "watchDirectories", "watchFiles",
    ];

    public static readonly string[] Extensions = ["http", "durableTask", "serviceBus"];

    public static readonly string[] Http =
        ["routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled", "hsts", "customHeaders"];

    public static readonly string[] DurableTask =
    [
        "hubName", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions", "maxConcurrentEntityFunctions",
        "storageProvider", "tracing", "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds", "useGracefulShutdown",
        "maxOrchestrationActions", "useAppLease", "notifications", "defaultVersion", "versionMatchStrategy", "versionFailureStrategy",
        "storeInputsInOrchestrationHistory",
    ];

    public static readonly string[] ServiceBus =
    [
        "maxConcurrentCalls", "autoCompleteMessages", "maxAutoLockRenewalDuration", "prefetchCount", "clientRetryOptions",
        "transportType", "maxConcurrentSessions", "maxMessageBatchSize", "minMessageBatchSize", "maxBatchWaitTime",
        "sessionIdleTimeout", "enableCrossEntityTransactions",
    ];

    public static readonly string[] Logging = ["logLevel", "applicationInsights", "console", "fileLoggingMode"];
}

using Microsoft.Extensions.Logging;

namespace Headgate.Engine;

internal static class DurableLog
{
    private static readonly Action<ILogger, string, string, string, string, Exception?> s_instanceFailed = LoggerMessage.Define<string, string, string, string>(
        LogLevel.Warning, new(4101, nameof(InstanceFailed)), "Orchestration {Name} ({InstanceId}) failed: {ErrorType}: {ErrorMessage}");

    private static readonly Action<ILogger, string, TimeSpan, Exception?> s_turnFaulted = LoggerMessage.Define<string, TimeSpan>(
        LogLevel.Error, new(4102, nameof(TurnFaulted)), "A turn of {InstanceId} failed inside the engine; it is tried again after {Pause}.");

    private static readonly Action<ILogger, int, int, Exception?> s_resumed = LoggerMessage.Define<int, int>(
        LogLevel.Information, new(4103, nameof(Resumed)), "Resumed {Instances} orchestrations and called {Activities} of their activities again.");

    private static readonly Action<ILogger, string, TimeSpan, Exception?> s_wakeFaulted = LoggerMessage.Define<string, TimeSpan>(
        LogLevel.Error, new(4104, nameof(WakeFaulted)), "{InstanceId} could not be woken; it is tried again after {Pause}.");

    private static readonly Action<ILogger, string, Exception?> s_foreignAwaitLost = LoggerMessage.Define<string>(
        LogLevel.Error, new(4105, nameof(ForeignAwaitLost)), "{InstanceId} awaited something that is not durable, and could not be failed for it.");

    public static void InstanceFailed(ILogger logger, string name, string instanceId, string errorType, string errorMessage) =>
        s_instanceFailed(logger, name, instanceId, errorType, errorMessage, null);

    public static void TurnFaulted(ILogger logger, string instanceId, TimeSpan pause, Exception exception) => s_turnFaulted(logger, instanceId, pause, exception);

    public static void Resumed(ILogger logger, int instances, int activities) => s_resumed(logger, instances, activities, null);

    public static void WakeFaulted(ILogger logger, string instanceId, TimeSpan pause, Exception exception) => s_wakeFaulted(logger, instanceId, pause, exception);

    public static void ForeignAwaitLost(ILogger logger, string instanceId, Exception exception) => s_foreignAwaitLost(logger, instanceId, exception);
}

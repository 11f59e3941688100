using Microsoft.Extensions.Logging;

namespace Headgate.Engine;

/// <summary>What the engine says.</summary>
internal static class DurableLog
{
    private static readonly Action<ILogger, string, string, string, string, Exception?> s_instanceFailed = LoggerMessage.Define<string, string, string, string>(
        LogLevel.Warning, new(4101, nameof(InstanceFailed)), "Orchestration {Name} ({InstanceId}) failed: {ErrorType}: {ErrorMessage}");

    private static readonly Action<ILogger, string, TimeSpan, Exception?> s_turnBroke = LoggerMessage.Define<string, TimeSpan>(
        LogLevel.Error, new(4102, nameof(TurnBroke)), "A turn of {InstanceId} broke inside the engine; it is tried again after {Pause}.");

    private static readonly Action<ILogger, int, int, Exception?> s_tookUp = LoggerMessage.Define<int, int>(
        LogLevel.Information, new(4103, nameof(TookUp)), "Took up {Instances} orchestrations, {Activities} of their activities again.");

    private static readonly Action<ILogger, string, TimeSpan, Exception?> s_wakeBroke = LoggerMessage.Define<string, TimeSpan>(
        LogLevel.Error, new(4104, nameof(WakeBroke)), "{InstanceId} could not be woken; it is tried again after {Pause}.");

    private static readonly Action<ILogger, string, Exception?> s_foreignAwaitLost = LoggerMessage.Define<string>(
        LogLevel.Error, new(4105, nameof(ForeignAwaitLost)), "{InstanceId} awaited something that is not durable, and could not be told so.");

    public static void InstanceFailed(ILogger logger, string name, string instanceId, string errorType, string errorMessage) =>
        s_instanceFailed(logger, name, instanceId, errorType, errorMessage, null);

    public static void TurnBroke(ILogger logger, string instanceId, TimeSpan pause, Exception exception) => s_turnBroke(logger, instanceId, pause, exception);

    public static void TookUp(ILogger logger, int instances, int activities) => s_tookUp(logger, instances, activities, null);

    public static void WakeBroke(ILogger logger, string instanceId, TimeSpan pause, Exception exception) => s_wakeBroke(logger, instanceId, pause, exception);

    public static void ForeignAwaitLost(ILogger logger, string instanceId, Exception exception) => s_foreignAwaitLost(logger, instanceId, exception);
}

using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Durable;

/// <summary>What the engine says.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(4101, LogLevel.Warning, "Orchestration {Name} ({InstanceId}) failed: {ErrorType}: {ErrorMessage}")]
    public static partial void InstanceFailed(ILogger logger, string name, string instanceId, string errorType, string errorMessage);

    [LoggerMessage(4102, LogLevel.Error, "A turn of {InstanceId} broke inside the engine; it is tried again after {Pause}.")]
    public static partial void TurnBroke(ILogger logger, string instanceId, TimeSpan pause, Exception exception);

    [LoggerMessage(4103, LogLevel.Information, "Took up {Instances} orchestrations, {Activities} of their activities again.")]
    public static partial void TookUp(ILogger logger, int instances, int activities);

    [LoggerMessage(4104, LogLevel.Error, "{InstanceId} could not be woken; it is tried again after {Pause}.")]
    public static partial void WakeBroke(ILogger logger, string instanceId, TimeSpan pause, Exception exception);

    [LoggerMessage(4105, LogLevel.Error, "{InstanceId} awaited something that is not durable, and could not be told so.")]
    public static partial void ForeignAwaitLost(ILogger logger, string instanceId, Exception exception);
}

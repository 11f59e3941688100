using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Durable;

/// <summary>What the engine says.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(4101, LogLevel.Warning, "Orchestration {Name} ({InstanceId}) failed: {ErrorType}: {ErrorMessage}")]
    public static partial void InstanceFailed(ILogger logger, string name, string instanceId, string errorType, string errorMessage);

    [LoggerMessage(4102, LogLevel.Error, "A turn of {InstanceId} broke inside the engine; the instance stays as it is on disk until the next start.")]
    public static partial void TurnBroke(ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(4103, LogLevel.Information, "Took up {Instances} orchestrations, {Activities} of their activities again.")]
    public static partial void TookUp(ILogger logger, int instances, int activities);
}

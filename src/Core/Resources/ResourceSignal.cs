using System.Runtime.InteropServices;
using Headgate.Core.Failures;

namespace Headgate.Core.Resources;

/// <summary>What the end of an attempt says about a resource.</summary>
public enum ResourceEvidence
{
    /// <summary>Nothing: the agent was lost or released the task, or it was cancelled.</summary>
    None,

    Worked,

    /// <summary>It works; the task itself failed.</summary>
    Answered,

    /// <summary>It could not be reached, or was too busy or slow.</summary>
    Failed,

    /// <summary>It refused the credentials.</summary>
    Refused,
}

/// <param name="Evidence">What the attempt's end says.</param>
/// <param name="RetryAfterSeconds">The pause that the resource asked for; 0 if none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResourceSignal(ResourceEvidence Evidence, int RetryAfterSeconds = 0)
{
    public const int RetryAfterCeiling = 86_400;

    public static ResourceSignal Of(FailureClass failure, int retryAfterSeconds = 0) => new(
        failure switch
        {
            FailureClass.Network or FailureClass.Resource or FailureClass.Timeout => ResourceEvidence.Failed,
            FailureClass.Auth => ResourceEvidence.Refused,
            FailureClass.Permanent or FailureClass.Unknown => ResourceEvidence.Answered,
            _ => ResourceEvidence.None,
        },
        retryAfterSeconds);
}

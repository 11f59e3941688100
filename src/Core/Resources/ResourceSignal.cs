using System.Runtime.InteropServices;
using Headgate.Core.Failures;

namespace Headgate.Core.Resources;

/// <summary>What the end of an attempt says about a resource.</summary>
public enum ResourceEvidence
{
    /// <summary>Nothing: the agent was lost or released the task, or it was cancelled.</summary>
    None,

    Worked,

    /// <summary>It works, and the task failed for a reason of its own. Like a success it ends a row of failures.</summary>
    Answered,

    /// <summary>The task failed, and nobody knows why. It ends no row of failures and adds none; a probe that ends so closes the resource.</summary>
    Unclear,

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
            FailureClass.Permanent => ResourceEvidence.Answered,
            FailureClass.Unknown => ResourceEvidence.Unclear,
            _ => ResourceEvidence.None,
        },
        retryAfterSeconds);
}

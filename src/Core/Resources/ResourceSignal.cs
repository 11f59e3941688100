using System.Runtime.InteropServices;
using Headgate.Core.Failures;

namespace Headgate.Core.Resources;

/// <summary>What the end of an attempt says of a resource.</summary>
public enum ResourceEvidence
{
    /// <summary>Nothing: its agent was lost or gave it back, or somebody cancelled it.</summary>
    None,

    /// <summary>It works.</summary>
    Worked,

    /// <summary>It answered; what went wrong is the task's.</summary>
    Answered,

    /// <summary>It could not be reached, was too busy or too slow.</summary>
    Failed,

    /// <summary>It refused the credentials.</summary>
    Refused,
}

/// <param name="Evidence">What it says.</param>
/// <param name="RetryAfterSeconds">For how long the resource asked to be left alone; 0 where it did not.</param>
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

namespace Headgate.Core.Failures;

/// <summary>Why an attempt failed. The class alone decides whether it is tried again.</summary>
public enum FailureClass
{
    /// <summary>The wire broke or a name did not resolve. Retried.</summary>
    Network,

    /// <summary>Something needed was busy, locked, full or throttled. Retried.</summary>
    Resource,

    /// <summary>Credentials or rights were refused. Not retried: another try only burns attempts and locks accounts.</summary>
    Auth,

    /// <summary>The same input will fail the same way. Not retried.</summary>
    Permanent,

    /// <summary>The attempt ran past its time. Retried.</summary>
    Timeout,

    /// <summary>The agent died, went silent or never received the task. Retried, the first time without backoff.</summary>
    LostAgent,

    /// <summary>Someone asked for it. Not retried.</summary>
    Cancelled,

    /// <summary>Nothing in the evidence says. Retried within the budget.</summary>
    Unknown,
}

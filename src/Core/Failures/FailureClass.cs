namespace Headgate.Core.Failures;

/// <summary>Why an attempt failed. The class decides whether the task is retried.</summary>
public enum FailureClass
{
    /// <summary>A connection broke or a name did not resolve. Retried.</summary>
    Network,

    /// <summary>A resource was busy, locked, full or throttled. Retried.</summary>
    Resource,

    /// <summary>Credentials or rights were refused. Not retried: that could lock an account.</summary>
    Auth,

    /// <summary>A retry would fail the same way. Not retried.</summary>
    Permanent,

    /// <summary>The attempt exceeded its timeout. Retried.</summary>
    Timeout,

    /// <summary>The agent died, fell silent or never received the task. Retried, the first time without backoff.</summary>
    LostAgent,

    /// <summary>Not retried.</summary>
    Cancelled,

    /// <summary>No rule matches the evidence. Retried.</summary>
    Unknown,
}

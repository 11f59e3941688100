using Headgate.Core.Failures;

namespace Headgate.Core.Runs;

/// <summary>How an attempt ended, as its agent reported or the server decided. A closed set.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    public sealed record Succeeded : AttemptOutcome;

    public sealed record FailedWith(FailureClass Class, string? Message) : AttemptOutcome;

    public sealed record WasCancelled(string? Message) : AttemptOutcome;

    /// <summary>Its agent gave it back without starting it.</summary>
    public sealed record Released(string? Message) : AttemptOutcome;

    /// <summary>The server took it from its agent, which is gone or does not know of it.</summary>
    /// <param name="WasListed">A heartbeat has listed it, even if the task is not marked as running yet.</param>
    public sealed record Lost(string Message, bool WasListed = false) : AttemptOutcome;
}

using Headgate.Core.Failures;

namespace Headgate.Core.Runs;

/// <summary>How an attempt ended, as reported or as judged by the server.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    public sealed record Succeeded : AttemptOutcome;

    public sealed record FailedWith(FailureClass Class, string? Message) : AttemptOutcome;

    public sealed record WasCancelled(string? Message) : AttemptOutcome;

    /// <summary>Its agent gave it back before it was started.</summary>
    public sealed record Released(string? Message) : AttemptOutcome;

    /// <summary>The server took it from its agent: that has gone, or does not know of it.</summary>
    /// <param name="WasListed">A heartbeat has listed it, whether or not its task is known to run yet.</param>
    public sealed record Lost(string Message, bool WasListed = false) : AttemptOutcome;
}

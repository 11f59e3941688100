using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Dispatch;

/// <summary>What became of a claim; a closed set.</summary>
public abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    public sealed record Given(List<TaskRecord> Tasks) : ClaimOutcome;

    public sealed record NotFound : ClaimOutcome;

    /// <summary>Another process has the agent, or this one has given it up.</summary>
    public sealed record InUse : ClaimOutcome;
}

namespace Headgate.Core.Runs;

/// <summary>The table of moves between run states.</summary>
public static class RunTransitions
{
    public static IReadOnlyList<RunStatus> From(RunStatus from) => from switch
    {
        RunStatus.Pending => [RunStatus.Running, RunStatus.Failed, RunStatus.Cancelled],
        RunStatus.Running => [RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled],
        _ => [],
    };

    public static bool Allows(RunStatus from, RunStatus to) => From(from).Contains(to);
}

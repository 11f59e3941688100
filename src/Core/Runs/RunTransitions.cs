namespace Headgate.Core.Runs;

/// <summary>Which status of a run may follow which. None follows itself, and none follows a final one.</summary>
public static class RunTransitions
{
    public static bool Allows(RunStatus from, RunStatus to) => from switch
    {
        RunStatus.Queued => to is RunStatus.Pending or RunStatus.Cancelled,
        RunStatus.Pending => to is RunStatus.Running or RunStatus.Failed or RunStatus.Cancelled,
        RunStatus.Running => to is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled,
        _ => false,
    };

    public static IReadOnlyList<RunStatus> From(RunStatus from) => [.. Enum.GetValues<RunStatus>().Where(to => Allows(from, to))];
}

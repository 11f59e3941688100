namespace Headgate.Core.Objectives;

/// <summary>What the service sets out to be: a share of good events over a window.</summary>
/// <param name="Id">Stable; part of stored tallies.</param>
/// <param name="Description">A sentence for people.</param>
/// <param name="Target">More than 0 and less than 1: with 1 there would be no budget to burn.</param>
/// <param name="Window">Whole hours.</param>
/// <param name="Threshold">An event that takes longer is bad; null where time does not matter.</param>
/// <param name="Targets">By plan, where a plan's differs.</param>
public sealed record Objective(string Id, string Description, double Target, TimeSpan Window, TimeSpan? Threshold, IReadOnlyDictionary<string, double> Targets)
{
    public double TargetOf(string plan) => Targets.TryGetValue(plan, out var target) ? target : Target;

    public bool IsGood(TimeSpan took) => Threshold is not { } most || took <= most;
}

/// <summary>
/// When a budget burns too fast: at this rate or more over both windows. The long one says that it matters, the short one that it still goes on.
/// </summary>
/// <param name="Name">Its alert rule names it.</param>
/// <param name="Rate">More than 0; 1 uses the budget up exactly when the objective's window ends.</param>
/// <param name="MinimumBad">Fewer bad events than this over the long window say nothing.</param>
public sealed record BurnLimit(string Name, TimeSpan Long, TimeSpan Short, double Rate, int MinimumBad = 1);

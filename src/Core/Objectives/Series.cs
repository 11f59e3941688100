namespace Headgate.Core.Objectives;

/// <summary>What is tallied apart.</summary>
/// <param name="Objective">Its id.</param>
/// <param name="Plan">A plan's id; <c>all</c> where an event belongs to none.</param>
public readonly record struct Series(string Objective, string Plan)
{
    public const string AllPlans = "all";
}

using Headgate.Core.Agents;

namespace Headgate.Core.Dispatch;

/// <summary>An agent as it is counted for tasks that wait.</summary>
/// <param name="Offer">What it may be given.</param>
/// <param name="State">How far it can be counted on.</param>
/// <param name="Load">What it holds.</param>
/// <param name="Held">Each task counted in <paramref name="Load"/>.</param>
/// <param name="UsualSeconds">How long its tasks of each type take; a type not listed: nobody knows.</param>
public sealed record AgentProfile(AgentOffer Offer, AgentState State, AgentLoad Load, IReadOnlyList<HeldTask> Held, IReadOnlyDictionary<string, double> UsualSeconds)
{
    /// <summary>Seconds until it can take a task of the type: 0 where it can now, null where nobody can tell.</summary>
    public double? SecondsToSlot(string type) => SlotForecast.SecondsToSlot(Load, type, Held, UsualSeconds);
}

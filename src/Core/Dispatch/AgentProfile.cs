using Headgate.Core.Agents;

namespace Headgate.Core.Dispatch;

/// <summary>What <see cref="WaitingReason"/> needs to know of an agent.</summary>
/// <param name="Offer">Which tasks it may get.</param>
/// <param name="State">Its state.</param>
/// <param name="Load">What it holds.</param>
/// <param name="Held">Each task counted in <paramref name="Load"/>.</param>
/// <param name="UsualSeconds">Usual duration by task type; unknown for a type not listed.</param>
public sealed record AgentProfile(AgentOffer Offer, AgentState State, AgentLoad Load, IReadOnlyList<HeldTask> Held, IReadOnlyDictionary<string, double> UsualSeconds)
{
    /// <inheritdoc cref="SlotForecast.SecondsToSlot"/>
    public double? SecondsToSlot(string type) => SlotForecast.SecondsToSlot(Load, type, Held, UsualSeconds);
}

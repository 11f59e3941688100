using System.Globalization;
using Headgate.Core.Dispatch;
using Headgate.Core.Resources;

namespace Headgate.Core.Causes;

/// <summary>When something that waits is expected to start.</summary>
/// <param name="At">The time; never before now.</param>
/// <param name="Basis">What was measured, and how much of it.</param>
public sealed record StartEstimate(DateTimeOffset At, string Basis)
{
    /// <summary>Durations to come are thought to be the median of what agents usually took.</summary>
    /// <param name="task">The waiting task.</param>
    /// <param name="line">Its place; null if unknown.</param>
    /// <param name="suitable">Agents that may have it.</param>
    /// <param name="notBefore">When it may go at the earliest.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null if no agent may have it, or nothing was measured that would tell.</returns>
    public static StartEstimate? OfTask(TaskOffer task, LinePlace? line, IReadOnlyList<AgentProfile> suitable, DateTimeOffset notBefore, DateTimeOffset now)
    {
        if (line is null || suitable.Count == 0)
            return null;
        var slots = new List<double>();
        foreach (var agent in suitable)
            AddSlots(slots, agent, task.Type);
        var usual = Usual(task.Type, suitable);
        var ahead = Competing(line, suitable);
        if (Wait(slots, ahead, usual?.Seconds) is not { } seconds)
            return null;
        var at = Later(now, seconds);
        var basis = seconds == 0
            ? "an agent has room"
            : $"{(usual is { } known ? $"median of the usual duration of '{task.Type}' on {Count(known.Agents, "agent")} ({Text(known.Seconds)} s)" : "usual durations of the tasks that run")}, {Count(slots.Count, "slot")}, {ahead} ahead";
        return notBefore > at ? new(notBefore, $"it may not go before; then: {basis}") : new(at, basis);
    }

    /// <summary>When a full resource has a place for a task again.</summary>
    /// <param name="resource">Full.</param>
    /// <param name="line">The task's place among those that wait; null if unknown.</param>
    /// <param name="type">The task's.</param>
    /// <param name="agents">Whose durations count.</param>
    /// <param name="now">The time.</param>
    /// <returns>Seconds; null if nothing was measured that would tell.</returns>
    public static double? SecondsToPlace(Resource resource, LinePlace? line, string type, IReadOnlyList<AgentProfile> agents, DateTimeOffset now)
    {
        if (line is null)
            return null;
        var places = new List<double>();
        foreach (var user in resource.Users)
        {
            if (Usual(user.Type, agents) is { } usual)
                places.Add(Math.Max(usual.Seconds - (now - user.At).TotalSeconds, 0));
        }

        return Wait(places, line.Ahead, Usual(type, agents)?.Seconds);
    }

    /// <summary>The median of what agents usually take for a type; null if no agent's is known.</summary>
    public static (double Seconds, int Agents)? Usual(string type, IReadOnlyList<AgentProfile> agents)
    {
        var known = agents.Where(agent => agent.UsualSeconds.ContainsKey(type)).Select(agent => agent.UsualSeconds[type]).ToList();
        if (known.Count == 0)
            return null;
        known.Sort();
        return ((known[(known.Count - 1) / 2] + known[known.Count / 2]) / 2, known.Count);
    }

    // Each slot that comes free takes the next in line; after one round of all slots the first is free again a usual duration later.
    private static double? Wait(List<double> slots, int ahead, double? usual)
    {
        if (slots.Count == 0)
            return null;
        slots.Sort();
        var rounds = ahead / slots.Count;
        return rounds == 0 ? slots[ahead] : slots[ahead % slots.Count] + (rounds * usual);
    }

    // Seconds until each of the agent's slots for the type is free. One whose task is of an unknown duration counts for nothing.
    private static void AddSlots(List<double> slots, AgentProfile agent, string type)
    {
        var free = agent.Load.RoomFor(type);
        for (var i = 0; i < free; i++)
            slots.Add(0);
        var ofType = agent.Load.SlotsOverOf(type);
        var total = agent.Load.SlotsOver;
        var left = new List<double>();
        foreach (var held in agent.Held)
        {
            if ((ofType <= 0 || held.Type == type) && held.AgeSeconds is { } age && agent.UsualSeconds.TryGetValue(held.Type, out var usual))
                left.Add(Math.Max(usual - age, 0));
        }

        left.Sort();
        // Where more is held than the limits allow now, the first that end give nothing back.
        for (var i = Math.Max(Math.Max(ofType, total) - 1, 0); i < left.Count; i++)
            slots.Add(left[i]);
    }

    private static int Competing(LinePlace line, IReadOnlyList<AgentProfile> suitable)
    {
        var ahead = suitable.Any(agent => agent.Offer.TenantId is null) ? line.AheadOfOthers : 0;
        foreach (var (type, count) in line.AheadByType)
        {
            if (suitable.Any(agent => agent.Offer.Capabilities.Contains(type)))
                ahead += count;
        }

        return ahead;
    }

    private static DateTimeOffset Later(DateTimeOffset now, double seconds) =>
        (DateTimeOffset.MaxValue - now).TotalSeconds > seconds ? now.AddSeconds(seconds) : DateTimeOffset.MaxValue;

    internal static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Text(double seconds) => Math.Round(seconds, seconds < 10 ? 1 : 0).ToString(CultureInfo.InvariantCulture);
}

namespace Headgate.Core.Agents;

/// <summary>A task that an agent holds.</summary>
/// <param name="AgeSeconds">Since it was handed out; null where that is not known.</param>
public readonly record struct HeldTask(string Type, double? AgeSeconds);

/// <summary>When an agent will have room again, as far as earlier tasks of the same types tell.</summary>
public static class SlotForecast
{
    /// <summary>Seconds until the agent can take one more task: 0 where it can now, null where nobody can tell.</summary>
    /// <param name="load">What the agent holds against its limits.</param>
    /// <param name="type">Of the task that waits; null for any that its total allows.</param>
    /// <param name="held">Each task counted in <paramref name="load"/>.</param>
    /// <param name="usualSeconds">How long tasks of each type take; a type not listed: nobody knows.</param>
    public static double? SecondsToSlot(AgentLoad load, string? type, IReadOnlyList<HeldTask> held, IReadOnlyDictionary<string, double> usualSeconds)
    {
        if (type is not null && !load.Takes(type))
            return null;
        var forTotal = Ended(load.SlotsOver, held);
        if (type is null || load.SlotsOverOf(type) is not (> 0 and var overOfType))
            return forTotal;
        return forTotal is { } total && Ended(overOfType, [.. held.Where(task => task.Type == type)]) is { } ofType ? Math.Max(total, ofType) : null;

        // So many of them must have ended.
        double? Ended(int count, IReadOnlyList<HeldTask> tasks)
        {
            if (count <= 0)
                return 0;
            var left = new List<double>(tasks.Count);
            foreach (var task in tasks)
            {
                if (task.AgeSeconds is { } age && usualSeconds.TryGetValue(task.Type, out var usual))
                    left.Add(Math.Max(usual - age, 0));
            }

            left.Sort();
            return left.Count < count ? null : left[count - 1];
        }
    }
}

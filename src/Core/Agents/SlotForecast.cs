namespace Headgate.Core.Agents;

/// <summary>A task that an agent holds.</summary>
/// <param name="Type">Its type.</param>
/// <param name="AgeSeconds">Since it was handed out; null if unknown.</param>
/// <param name="TaskId">Null if nobody asked which it is.</param>
/// <param name="TenantId">Whose it is; null likewise.</param>
public readonly record struct HeldTask(string Type, double? AgeSeconds, string? TaskId = null, string? TenantId = null);

/// <summary>Estimates when an agent will have room again, from durations of earlier tasks.</summary>
public static class SlotForecast
{
    /// <summary>Seconds until the agent can take one more task; 0 if it can now, null if unknown.</summary>
    /// <param name="load">The agent's load.</param>
    /// <param name="type">The waiting task's; null to check only the total.</param>
    /// <param name="held">Each task counted in <paramref name="load"/>.</param>
    /// <param name="usualSeconds">Usual duration by task type; unknown for a type not listed.</param>
    public static double? SecondsToSlot(AgentLoad load, string? type, IReadOnlyList<HeldTask> held, IReadOnlyDictionary<string, double> usualSeconds)
    {
        if (type is not null && !load.Takes(type))
            return null;
        var forTotal = Ended(load.SlotsOver, held);
        if (type is null || load.SlotsOverOf(type) is not (> 0 and var overOfType))
            return forTotal;
        return forTotal is { } total && Ended(overOfType, [.. held.Where(task => task.Type == type)]) is { } ofType ? Math.Max(total, ofType) : null;

        // Seconds until this many of the tasks have ended.
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

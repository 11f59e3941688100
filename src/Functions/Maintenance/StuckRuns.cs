using System.Collections.Concurrent;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Live runs without a working orchestration. One that was helped once may only have met a crash; one that needs help again, with no sign of
/// life in between, is stuck. Remembered by this process alone.
/// </summary>
public sealed class StuckRuns
{
    private readonly ConcurrentDictionary<string, int> _needy = new(StringComparer.Ordinal);

    public int Count => _needy.Count(run => run.Value > 1);

    /// <summary>The run had to be started anew, or could not be looked at.</summary>
    public void NeedsHelp(string runId) => _needy.AddOrUpdate(runId, 1, (_, times) => times + 1);

    /// <summary>The run has a working orchestration.</summary>
    public void Works(string runId) => _needy.TryRemove(runId, out _);

    /// <summary>Forgets all other runs: they have ended.</summary>
    public void KeepOnly(Predicate<string> isLive)
    {
        foreach (var runId in _needy.Keys)
        {
            if (!isLive(runId))
                _needy.TryRemove(runId, out _);
        }
    }
}

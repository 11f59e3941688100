using Headgate.Storage.Log;

namespace Headgate.Engine;

/// <summary>
/// Instances that a fault of the engine itself stopped, for example a row that could not be read. Each is tried again after a pause that
/// doubles with every consecutive fault. Guarded by the engine's gate.
/// </summary>
/// <param name="time">Makes the timer.</param>
/// <param name="clock">The engine's.</param>
/// <param name="over">Called outside the gate when a pause may be over.</param>
internal sealed class FaultPauses(TimeProvider time, SteadyClock clock, Action over) : IDisposable
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly DueTimers _timers = new(time, clock, over);
    private readonly Dictionary<string, (int Faults, long Due)> _faulty = new(StringComparer.Ordinal);

    /// <returns>The pause after this fault.</returns>
    public TimeSpan Add(string id)
    {
        var known = _faulty.TryGetValue(id, out var found) ? found : (Faults: 0, Due: (long?)null);
        var pause = First * Math.Pow(2, Math.Min(known.Faults, 16));
        if (pause > Longest)
            pause = Longest;
        var due = (clock.Now + pause).UtcTicks;
        _timers.Move(id, known.Due, due);
        _faulty[id] = (known.Faults + 1, due);
        return pause;
    }

    /// <summary>The instance works again: its next fault counts as the first.</summary>
    public void Forget(string id)
    {
        if (_faulty.Count > 0 && _faulty.Remove(id, out var known))
            _timers.Move(id, known.Due, null);
    }

    /// <summary>Removes and returns the instances whose pause is over.</summary>
    public List<string> TakeDue() => [.. _timers.TakeDue().Select(entry => entry.Id)];

    public void Dispose() => _timers.Dispose();
}

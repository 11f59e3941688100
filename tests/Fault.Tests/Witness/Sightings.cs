using System.Collections.Concurrent;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Witness;

/// <summary>What was seen of the service from outside, and which invariants that breaks.</summary>
internal sealed class Sightings
{
    private readonly ConcurrentQueue<string> _broken = new();
    private readonly ConcurrentQueue<string> _notes = new();

    /// <summary>Every call with its answer, and every fault, in order.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    public IReadOnlyCollection<string> BrokenInvariants => _broken;

    /// <summary>How often the service was killed, and what it left.</summary>
    public (int Times, int WithJournal, int HalfMerged) Kills { get; private set; }

    public void Killed(KilledJournal left)
    {
        Note($"the service was killed and left {left.Rows} rows in the journal, half merged: {left.IsHalfMerged}");
        Kills = (Kills.Times + 1, Kills.WithJournal + (left.Rows > 0 ? 1 : 0), Kills.HalfMerged + (left.IsHalfMerged ? 1 : 0));
    }

    public void Note(string what) => _notes.Enqueue(what);

    public void Broken(string what)
    {
        _notes.Enqueue("BROKEN " + what);
        _broken.Enqueue(what);
    }

    public bool Holds(bool condition, Func<string> otherwise)
    {
        if (!condition)
            Broken(otherwise());
        return condition;
    }
}

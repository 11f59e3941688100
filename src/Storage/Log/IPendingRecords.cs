namespace Headgate.Storage.Log;

/// <summary>
/// Records of one client, coalesced: only the latest state of each thing is kept. Adding the same sequence of records again changes
/// nothing. For one thread at a time.
/// </summary>
public interface IPendingRecords
{
    /// <summary>About how many writes there will be.</summary>
    int Count { get; }

    void Add(ILogRecord record);

    /// <summary>The writes to the tables, in key order so that neighbours touch the same pages. Valid until <see cref="Clear"/>.</summary>
    IEnumerable<IPendingWrite> Writes();

    /// <summary>Called on any thread once all of it can be read from the tables. Must be quick and must not throw.</summary>
    void Merged();

    /// <summary>Empties it and keeps its capacity.</summary>
    void Clear();
}

namespace Headgate.Storage.Log;

/// <summary>
/// What a client's records of a stretch of the log come down to: of everything only its latest state. Gathering a run of records again, whole
/// and in order, leads to the same end. For one thread at a time.
/// </summary>
public interface IPendingRecords
{
    /// <summary>How many writes it takes, about.</summary>
    int Count { get; }

    /// <summary>Takes in one more record of the client's.</summary>
    void Add(ILogRecord record);

    /// <summary>The writes that bring it into the tables, in an order that lets neighbours touch the same pages. They live until <see cref="Clear"/>.</summary>
    IEnumerable<IPendingWrite> Writes();

    /// <summary>Told, on any thread, that all of it can be read from the tables now. Must be quick and must not throw.</summary>
    void Merged();

    /// <summary>Nothing is left; what was grown for it stays, for the next stretch.</summary>
    void Clear();
}

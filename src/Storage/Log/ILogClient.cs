namespace Headgate.Storage.Log;

/// <summary>
/// Stores data of its own through the log. A client owns a range of record kinds: their encoding, how they coalesce, and the SQL that
/// writes them to tables. Safe for concurrent use.
/// </summary>
public interface ILogClient
{
    byte FirstKind { get; }

    /// <summary>Inclusive.</summary>
    byte LastKind { get; }

    /// <summary>Reads what <see cref="ILogRecord.Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The kind is in the range but unknown: a newer build wrote it.</exception>
    ILogRecord Decode(byte kind, ref ByteReader fields);

    /// <summary>Creates an empty set to coalesce records in.</summary>
    /// <param name="partlyMerged">True at recovery: the tables may hold some of the records already, so deletions must reach them even for things inserted by the same records.</param>
    IPendingRecords NewPending(bool partlyMerged);
}

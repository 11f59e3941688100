namespace Headgate.Storage.Log;

/// <summary>
/// Somebody who keeps something on disk through the log. It owns a range of kinds: how their records are encoded, what a stretch of them
/// comes down to, and which statements bring that into the tables. The log knows no more of it. Safe for concurrent use.
/// </summary>
public interface ILogClient
{
    /// <summary>The first kind it owns.</summary>
    byte FirstKind { get; }

    /// <summary>The last kind it owns, inclusive.</summary>
    byte LastKind { get; }

    /// <summary>Reads what <see cref="ILogRecord.Encode"/> of this kind wrote.</summary>
    /// <exception cref="InvalidDataException">The kind is in the range, but there is none such: a newer build has written it.</exception>
    ILogRecord Decode(byte kind, ref ByteReader fields);

    /// <summary>Something to gather records in.</summary>
    /// <param name="partlyMerged">Whether some of it may be in the tables already: then what came and went meanwhile must be taken out of them.</param>
    IPendingRecords NewPending(bool partlyMerged);
}

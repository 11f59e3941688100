using Headgate.Storage.Log.Journal;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>The clients of a log, by the kinds they own.</summary>
public sealed class LogClients
{
    private readonly ILogClient[] _all;
    private readonly byte[] _owners;

    /// <exception cref="ArgumentException">Two clients own one kind.</exception>
    public LogClients(params IReadOnlyList<ILogClient> clients)
    {
        _all = [.. clients];
        _owners = new byte[byte.MaxValue + 1];
        for (var i = 0; i < _all.Length; i++)
        {
            for (int kind = _all[i].FirstKind; kind <= _all[i].LastKind; kind++)
            {
                if (_owners[kind] != 0)
                    throw new ArgumentException($"Two clients own records of kind {kind}: {_all[_owners[kind] - 1]} and {_all[i]}.", nameof(clients));
                _owners[kind] = (byte)(i + 1);
            }
        }
    }

    /// <summary>Whether a client is one of them.</summary>
    public bool Contains(ILogClient client) => Array.IndexOf(_all, client) >= 0;

    /// <summary>Brings what an earlier process has left in the journal into the tables; for <see cref="Database.Open"/>.</summary>
    /// <exception cref="DataFolderException">A newer build wrote the journal, or one with another client.</exception>
    public void Recover(Connection writer) => JournalRecovery.Run(writer, this);

    /// <summary>Reads a run of records.</summary>
    /// <exception cref="InvalidDataException">A newer build wrote it, or one with another client.</exception>
    internal void Decode(ReadOnlySpan<byte> bytes, IRecordSink sink)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
        {
            var kind = reader.Byte();
            sink.Add(_owners[kind] is > 0 and var owner ? _all[owner - 1].Decode(kind, ref reader) : throw Unknown(kind));
        }
    }

    /// <summary>What each gathers its records in, in the order of the clients.</summary>
    internal IPendingRecords[] NewPending(bool partlyMerged) => Array.ConvertAll(_all, client => client.NewPending(partlyMerged));

    /// <summary>Which client owns a kind.</summary>
    internal int OwnerOf(byte kind) => _owners[kind] - 1;

    /// <summary>The refusal of a kind that nobody owns.</summary>
    public static InvalidDataException Unknown(byte kind) => new($"The journal holds a record of unknown kind {kind}; a newer build has written it.");
}

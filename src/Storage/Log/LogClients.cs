using Headgate.Storage.Log.Journal;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>The clients of a log, looked up by record kind.</summary>
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

    public bool Contains(ILogClient client) => Array.IndexOf(_all, client) >= 0;

    /// <inheritdoc cref="JournalRecovery.Run"/>
    internal void Recover(Connection writer) => JournalRecovery.Run(writer, this);

    /// <summary>Reads a sequence of records.</summary>
    /// <exception cref="InvalidDataException">No client here can read one of them.</exception>
    internal void Decode(ReadOnlySpan<byte> bytes, IRecordSink sink)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
        {
            var kind = reader.Byte();
            sink.Add(_owners[kind] is > 0 and var owner ? _all[owner - 1].Decode(kind, ref reader) : throw Unknown(kind));
        }
    }

    /// <summary>One set a client, in the order of <see cref="OwnerOf"/>.</summary>
    internal IPendingRecords[] NewPending(bool partlyMerged) => Array.ConvertAll(_all, client => client.NewPending(partlyMerged));

    /// <summary>The owner's index; -1 if no client owns the kind.</summary>
    internal int OwnerOf(byte kind) => _owners[kind] - 1;

    /// <summary>The error for a kind that a client does not know.</summary>
    public static InvalidDataException Unknown(byte kind) => new($"The journal holds a record of unknown kind {kind}; a newer build has written it.");
}

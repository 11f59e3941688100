using Headgate.Functions.Ports;
using Headgate.LocalHost.Sqlite;
using Headgate.LocalHost.Tables.InMemory;

namespace Headgate.LocalHost.Tables;

/// <summary>Decides a change against the rows as they are, under the store's lock. A batch sees what the batches before it would write.</summary>
internal sealed class ChangeDecision(RowMemory memory, Connection connection, NumberSource numbers)
{
    private readonly List<StoredRow> _rows = [];
    private readonly Dictionary<RowAddress, StoredRow> _earlier = [];

    /// <summary>What to write, in order. Of no use after a conflict.</summary>
    public IReadOnlyList<StoredRow> Rows => _rows;

    public ChangeOutcome Decide(PreparedWrite[][] batches)
    {
        var etags = new string[batches.Length][];
        for (var batch = 0; batch < batches.Length; batch++)
        {
            var writes = batches[batch];
            var tags = etags[batch] = new string[writes.Length];
            for (var i = 0; i < writes.Length; i++)
            {
                if (Conflict(writes[i]) is { } conflict)
                    return new(0, new(batch, i, conflict), []);
                var row = new StoredRow(writes[i].Address, numbers.Next(), writes[i].Data);
                _rows.Add(row);
                tags[i] = row.ETag;
            }

            if (batch + 1 < batches.Length)
                RememberFrom(_rows.Count - writes.Length);
        }

        return new(batches.Length, null, etags);
    }

    private ConflictKind? Conflict(in PreparedWrite write) => write.IsConditional ? write.ConflictWith(Version(write.Address)) : null;

    private long? Version(in RowAddress address)
    {
        if (_earlier.TryGetValue(address, out var earlier))
            return earlier.Data is null ? null : earlier.Version;
        return memory.Read(connection, address)?.Version;
    }

    private void RememberFrom(int first)
    {
        foreach (var row in _rows.Skip(first))
            _earlier[row.Address] = row;
    }
}

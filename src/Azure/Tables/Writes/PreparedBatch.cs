using Azure;
using Azure.Data.Tables;
using Headgate.Ports;
using Headgate.Ports.Limits;

namespace Headgate.Azure.Tables.Writes;

/// <summary>A batch, checked and mapped before anything of its change is sent.</summary>
internal sealed class PreparedBatch
{
    private readonly TableBatch _batch;
    private readonly TableEntity[] _entities;

    /// <param name="batch">As submitted.</param>
    /// <param name="mark">Unique to this batch; shows which batch wrote a stored row.</param>
    /// <exception cref="ArgumentException">The batch, a key or a column breaks a limit.</exception>
    public PreparedBatch(TableBatch batch, Guid mark)
    {
        BatchLimits.Check(batch);
        (_batch, Mark) = (batch, mark);
        _entities = new TableEntity[batch.Writes.Count];
        var bytes = 0;
        for (var i = 0; i < _entities.Length; i++)
        {
            var row = batch.Writes[i].Row;
            if (IsPut(i))
            {
                _entities[i] = RowMapping.Entity(row, mark, out var size);
                bytes += size;
            }
            else
            {
                _entities[i] = new(row.PartitionKey, row.RowKey);
            }
        }

        BatchLimits.CheckSize(bytes);
    }

    public Table Table => _batch.Table;

    public Guid Mark { get; }

    public int Count => _entities.Length;

    public TableEntity Entity(int write) => _entities[write];

    public WriteKind Kind(int write) => _batch.Writes[write].Kind;

    /// <summary>Whether the write stores a row.</summary>
    public bool IsPut(int write) => Kind(write) is WriteKind.Insert or WriteKind.Replace or WriteKind.Upsert;

    /// <summary>The ETag the row must have; <see cref="ETag.All"/> requires only that it exists.</summary>
    public ETag Condition(int write) => Kind(write) is WriteKind.Replace or WriteKind.Delete ? new(_batch.Writes[write].Row.ETag!) : ETag.All;

    public TableTransactionAction Action(int write) => Kind(write) switch
    {
        WriteKind.Insert => new(TableTransactionActionType.Add, _entities[write]),
        WriteKind.Upsert => new(TableTransactionActionType.UpsertReplace, _entities[write]),
        WriteKind.Replace => new(TableTransactionActionType.UpdateReplace, _entities[write], Condition(write)),
        _ => new(TableTransactionActionType.Delete, _entities[write], Condition(write)),
    };
}

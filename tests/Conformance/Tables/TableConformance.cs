using Headgate.Ports;

namespace Headgate.Conformance.Tables;

/// <summary>
/// What every <see cref="ITableStore"/> does. A subclass gives a store that works; each test keeps to partitions of its own, so that one
/// store may serve them all.
/// </summary>
public abstract partial class TableConformance
{
    protected abstract ITableStore Store { get; }

    /// <summary>Unlike any other test's.</summary>
    protected string Partition { get; } = Guid.NewGuid().ToString("N");

    protected static TableRow Row(string partition, string key, Columns columns, string? etag = null) => new(partition, key, columns, etag);

    protected TableRow Row(string key, int value = 0, string? etag = null) => new(Partition, key, new Columns { ["value"] = value }, etag);

    protected async Task<ChangeOutcome> Submit(params TableWrite[] writes) => await Store.SubmitAsync(new(new TableBatch(Table.Tenants, writes)));

    /// <summary>Submits one write that must succeed, and gives the row's new ETag.</summary>
    protected async Task<string> Put(TableWrite write)
    {
        var outcome = await Submit(write);
        Assert.True(outcome.Succeeded);
        return outcome.ETags[0][0];
    }

    protected async Task<TableRow?> Get(string key) => await Store.GetAsync(Table.Tenants, Partition, key);

    protected async Task<int?> Value(string key) => (await Get(key))?.Columns.Int("value");

    protected static void AssertConflict(ChangeOutcome outcome, ConflictKind kind, int write = 0)
    {
        Assert.Equal(new WriteConflict(0, write, kind), outcome.Conflict);
        Assert.Equal(0, outcome.AppliedBatches);
        Assert.Empty(outcome.ETags);
    }
}

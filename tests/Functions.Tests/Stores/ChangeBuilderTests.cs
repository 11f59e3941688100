using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Tests.Stores;

/// <summary>What the order of a change is, where it is cut into batches, and whose a lost write was.</summary>
public sealed class ChangeBuilderTests
{
    private readonly ChangeBuilder _change = new();

    [Fact]
    public void Batches_WritesOfSeveralPartitions_StandByRankThenTableThenPartition()
    {
        Add(2, Table.Tenants, "t", "run");
        Add(1, Table.Tasks, "b", "task");
        Add(1, Table.Tasks, "a", "task");
        Add(1, Table.Tenants, "t", "ledger");

        Assert.Equal(["Tenants t: ledger", "Tasks a: task", "Tasks b: task", "Tenants t: run"], Built());
    }

    [Fact]
    public void Batches_RowsOfOnePartition_StandInTheOrderInWhichTheyWereAdded()
    {
        foreach (var row in new[] { "c", "a", "b" })
            Add(0, Table.Tasks, "p", row);

        Assert.Equal(["Tasks p: c a b"], Built());
    }

    [Fact]
    public void Batches_ALaterWriteOfARow_TakesThePlaceOfTheEarlier()
    {
        Add(0, Table.Tasks, "p", "a", "first");
        Add(0, Table.Tasks, "p", "b", "second");
        Add(0, Table.Tasks, "p", "a", "third");
        Add(1, Table.Tasks, "p", "a", "fourth");

        Assert.Equal(["Tasks p: a b", "Tasks p: a"], Built());
        Assert.Equal(["third", "second", "fourth"], new[] { Owner(0, 0), Owner(0, 1), Owner(1, 0) });
    }

    [Fact]
    public void Batches_MoreRowsThanABatchHolds_AreCutAndKeepTheirOwners()
    {
        for (var i = 0; i < 250; i++)
            Add(0, Table.Tasks, "p", $"{i:000}", i);
        Add(1, Table.Tasks, "q", "a", "last");

        Assert.Equal([100, 100, 50, 1], _change.Batches().Select(batch => batch.Writes.Count));
        Assert.Equal([99, 100, 249, "last"], new[] { Owner(0, 99), Owner(1, 0), Owner(2, 49), Owner(3, 0) });
    }

    [Fact]
    public void Batches_BuiltAgainAfterMoreWasAdded_HoldAll()
    {
        Add(0, Table.Tasks, "p", "a");
        Add(0, Table.Tasks, "p", "b");
        Assert.Equal(["Tasks p: a b"], Built());

        Add(0, Table.Tasks, "p", "a", "later");
        Add(0, Table.Tasks, "p", "c");

        Assert.Equal(["Tasks p: a b c"], Built());
        Assert.Equal("later", Owner(0, 0));
    }

    [Fact]
    public void Batches_OfNothing_AreNone()
    {
        Assert.True(_change.IsEmpty);
        Assert.Empty(_change.Batches());
    }

    private void Add(int rank, Table table, string partition, string row, object? owner = null) =>
        _change.Add(rank, table, TableWrite.DeleteIfExists(partition, row), owner);

    private object? Owner(int batch, int write) => _change.OwnerOf(new WriteConflict(batch, write, ConflictKind.Changed));

    private IEnumerable<string> Built() => _change.Batches().Select(batch =>
        $"{batch.Table} {batch.Writes[0].Row.PartitionKey}: {string.Join(' ', batch.Writes.Select(write => write.Row.RowKey))}");
}

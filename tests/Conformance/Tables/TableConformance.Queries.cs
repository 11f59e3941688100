using Headgate.Ports;

namespace Headgate.Conformance.Tables;

public abstract partial class TableConformance
{
    [SuiteFact]
    public async Task Query_OfAnEmptyPartition_IsOneEmptyPage()
    {
        var page = await Store.QueryAsync(new(Table.Tenants, Partition));

        Assert.Empty(page.Rows);
        Assert.Null(page.Continuation);
    }

    [SuiteFact]
    public async Task Query_OfSomeColumns_HasThoseOfThemThatARowHas()
    {
        await Put(TableWrite.Insert(Row(Partition, "a", new() { ["text"] = "one", ["number"] = 1, ["bytes"] = new byte[] { 1, 2 }, ["time"] = DateTimeOffset.UnixEpoch })));
        await Put(TableWrite.Insert(Row(Partition, "b", new() { ["number"] = 2L, ["flag"] = true })));

        var page = await Store.QueryAsync(new(Table.Tenants, Partition, Columns: ["time", "number"]));

        Assert.Equal([("a", 2, 1L, (DateTimeOffset?)DateTimeOffset.UnixEpoch), ("b", 1, 2L, null)], page.Rows.Select(row => (row.RowKey, row.Columns.Count, row.Columns.Long("number") ?? 0, row.Columns.Time("time"))));
        Assert.All(page.Rows, row => Assert.NotNull(row.ETag));
    }

    [SuiteFact]
    public async Task Query_OfARange_TakesItsBeginAndNotItsEnd()
    {
        await PutAll("a", "b", "bb", "c", "d");

        Assert.Equal(["b", "bb", "c"], await Keys(new(Table.Tenants, Partition, From: "b", Before: "d")));
        Assert.Equal(["c", "d"], await Keys(new(Table.Tenants, Partition, From: "c")));
        Assert.Equal(["a", "b"], await Keys(new(Table.Tenants, Partition, Before: "bb")));
        Assert.Empty(await Keys(new(Table.Tenants, Partition, From: "c", Before: "c")));
    }

    [SuiteFact]
    public async Task Query_OfAPrefix_FindsNeitherNeighbour()
    {
        await PutAll("live:1", "run", "run:", "run:1", "run:zzz", "run;");

        Assert.Equal(["run:", "run:1", "run:zzz"], await Keys(TableQuery.Prefix(Table.Tenants, Partition, "run:")));
    }

    [SuiteFact]
    public async Task Query_OfMixedKeys_IsInOrdinalOrder()
    {
        string[] keys = ["!ledger", "A", "Z", "a", "key:1", "key:10", "key:2", "z", "ä"];
        await PutAll([.. keys.Reverse()]);

        Assert.Equal(keys, await Keys(new(Table.Tenants, Partition)));
    }

    [SuiteTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Query_ByPages_GivesEveryRowOnceAndNoEmptyLastPage(int take)
    {
        var keys = Enumerable.Range(0, 10).Select(i => $"{i}").ToArray();
        await PutAll(keys);

        var pages = await Pages(new(Table.Tenants, Partition, Take: take));

        Assert.Equal(keys, pages.SelectMany(page => page.Rows).Select(row => row.RowKey));
        Assert.All(pages, page => Assert.InRange(page.Rows.Count, 1, take));
    }

    [SuiteFact]
    public async Task Query_WhenRowsGoBetweenPages_GoesOnWithWhatIsLeft()
    {
        await PutAll("a", "b", "c", "d");
        var query = new TableQuery(Table.Tenants, Partition, Take: 2);
        var first = await Store.QueryAsync(query);
        await Submit(TableWrite.DeleteIfExists(Partition, "b"), TableWrite.DeleteIfExists(Partition, "c"));

        Assert.Equal(["d"], await Keys(query with { Continuation = first.Continuation }));
    }

    [SuiteFact]
    public async Task Query_AfterDeletes_LeavesThemOut()
    {
        await PutAll("a", "b", "c");
        await Put(TableWrite.DeleteIfExists(Partition, "b"));

        Assert.Equal(["a", "c"], await Keys(new(Table.Tenants, Partition)));
    }

    [SuiteFact]
    public async Task Query_RowsFound_CarryTheETagThatAReplaceTakes()
    {
        await PutAll("a");
        var row = Assert.Single((await Store.QueryAsync(new(Table.Tenants, Partition))).Rows);

        await Put(TableWrite.Replace(row));
    }

    [SuiteFact]
    public async Task Query_OfTheWholeTable_ReadsPartitionsInOrder()
    {
        string[] partitions = [Partition + "1", Partition + "2", Partition + "3"];
        foreach (var partition in partitions.Reverse())
            await Store.SubmitAsync(new(new TableBatch(Table.Usage, TableWrite.Insert(Row(partition, "x", [])), TableWrite.Insert(Row(partition, "y", [])), TableWrite.Insert(Row(partition, "z", [])))));

        var pages = await Pages(new(Table.Usage, null, From: "x", Before: "z", Take: 2));

        var found = pages.SelectMany(page => page.Rows).Where(row => row.PartitionKey.StartsWith(Partition, StringComparison.Ordinal));
        Assert.Equal(partitions.SelectMany(partition => new[] { (partition, "x"), (partition, "y") }), found.Select(row => (row.PartitionKey, row.RowKey)));
    }

    [SuiteFact]
    public async Task Query_OfAnotherPartitionOrTable_FindsNothing()
    {
        await PutAll("a");

        Assert.Empty(await Keys(new(Table.Tenants, Partition + "x")));
        Assert.Empty(await Keys(new(Table.Tasks, Partition)));
    }

    [SuiteFact]
    public async Task Query_WithABadPageSize_IsRefused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Keys(new(Table.Tenants, Partition, Take: 0)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Keys(new(Table.Tenants, Partition, Take: 1001)));
    }

    protected async Task PutAll(params string[] keys) => Assert.True((await Submit([.. keys.Select((key, i) => TableWrite.Insert(Row(key, i)))])).Succeeded);

    protected async Task<List<string>> Keys(TableQuery query) =>
        [.. (await Pages(query)).SelectMany(page => page.Rows).Select(row => row.RowKey)];

    private async Task<List<TablePage>> Pages(TableQuery query)
    {
        var pages = new List<TablePage>();
        do
        {
            pages.Add(await Store.QueryAsync(query));
            query = query with { Continuation = pages[^1].Continuation };
        }
        while (query.Continuation is not null);
        return pages;
    }
}

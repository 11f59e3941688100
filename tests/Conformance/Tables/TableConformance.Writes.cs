using Headgate.Ports;

namespace Headgate.Conformance.Tables;

public abstract partial class TableConformance
{
    [SuiteFact]
    public async Task Get_OfNoRow_IsNull() => Assert.Null(await Get("nothing"));

    [SuiteFact]
    public async Task Insert_OfANewRow_IsReadBackWithItsETag()
    {
        var etag = await Put(TableWrite.Insert(Row("a", 1)));

        var row = await Get("a");

        Assert.Equal((Partition, "a", etag), (row!.PartitionKey, row.RowKey, row.ETag));
        Assert.Equal(1, row.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Insert_OfARowThatExists_Conflicts()
    {
        await Put(TableWrite.Insert(Row("a", 1)));

        AssertConflict(await Submit(TableWrite.Insert(Row("a", 2))), ConflictKind.Exists);
        Assert.Equal(1, await Value("a"));
    }

    [SuiteFact]
    public async Task Insert_AfterADelete_Succeeds()
    {
        await Put(TableWrite.Insert(Row("a", 1)));
        await Put(TableWrite.DeleteIfExists(Partition, "a"));

        await Put(TableWrite.Insert(Row("a", 2)));

        Assert.Equal(2, await Value("a"));
    }

    [SuiteFact]
    public async Task Replace_WithTheETagRead_ReplacesTheWholeRow()
    {
        var first = await Put(TableWrite.Insert(Row(Partition, "a", new() { ["old"] = "x", ["value"] = 1 })));

        var second = await Put(TableWrite.Replace(Row("a", 2, first)));

        var row = await Get("a");
        Assert.NotEqual(first, second);
        Assert.Equal(second, row!.ETag);
        Assert.Null(row.Columns["old"]);
        Assert.Equal(2, row.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Replace_WithAnOldETag_Conflicts()
    {
        var first = await Put(TableWrite.Insert(Row("a", 1)));
        await Put(TableWrite.Upsert(Row("a", 2)));

        AssertConflict(await Submit(TableWrite.Replace(Row("a", 3, first))), ConflictKind.Changed);
        Assert.Equal(2, await Value("a"));
    }

    [SuiteFact]
    public async Task Replace_OfARowThatIsGone_IsMissing()
    {
        var etag = await Put(TableWrite.Insert(Row("a")));
        await Put(TableWrite.DeleteIfExists(Partition, "a"));

        AssertConflict(await Submit(TableWrite.Replace(Row("a", 1, etag))), ConflictKind.Missing);
    }

    [SuiteFact]
    public async Task Replace_OfARowThatCameBack_DoesNotTakeItsOldETag()
    {
        var etag = await Put(TableWrite.Insert(Row("a")));
        await Put(TableWrite.DeleteIfExists(Partition, "a"));
        await Put(TableWrite.Insert(Row("a")));

        AssertConflict(await Submit(TableWrite.Replace(Row("a", 1, etag))), ConflictKind.Changed);
    }

    [SuiteFact]
    public async Task Upsert_WithOrWithoutARow_Writes()
    {
        await Put(TableWrite.Upsert(Row("a", 1)));
        await Put(TableWrite.Upsert(Row("a", 2, "ignored")));

        Assert.Equal(2, await Value("a"));
    }

    [SuiteFact]
    public async Task Delete_WithTheETagRead_Deletes()
    {
        var etag = await Put(TableWrite.Insert(Row("a")));

        Assert.Equal("", await Put(TableWrite.Delete(Row("a", 0, etag))));

        Assert.Null(await Get("a"));
    }

    [SuiteFact]
    public async Task Delete_WithAnOldETag_Conflicts()
    {
        var first = await Put(TableWrite.Insert(Row("a", 1)));
        await Put(TableWrite.Upsert(Row("a", 2)));

        AssertConflict(await Submit(TableWrite.Delete(Row("a", 0, first))), ConflictKind.Changed);
        Assert.Equal(2, await Value("a"));
    }

    [SuiteFact]
    public async Task Delete_OfARowThatIsGone_IsMissing()
    {
        var etag = await Put(TableWrite.Insert(Row("a")));
        await Put(TableWrite.Delete(Row("a", 0, etag)));

        AssertConflict(await Submit(TableWrite.Delete(Row("a", 0, etag))), ConflictKind.Missing);
    }

    [SuiteFact]
    public async Task DeleteIfExists_OfNoRow_Succeeds() => await Put(TableWrite.DeleteIfExists(Partition, "nothing"));

    [SuiteFact]
    public async Task Submit_OfABatchWithAConflict_AppliesNothingAndNamesTheWrite()
    {
        await Put(TableWrite.Insert(Row("taken", 7)));

        var outcome = await Submit(TableWrite.Upsert(Row("a", 1)), TableWrite.Upsert(Row("b", 1)), TableWrite.Insert(Row("taken", 1)), TableWrite.Upsert(Row("c", 1)));

        AssertConflict(outcome, ConflictKind.Exists, write: 2);
        Assert.Equal((null, null, null, 7), (await Value("a"), await Value("b"), await Value("c"), await Value("taken")));
    }

    [SuiteFact]
    public async Task Submit_OfAHundredWrites_GivesEachItsETag()
    {
        var outcome = await Submit([.. Enumerable.Range(0, 100).Select(i => TableWrite.Insert(Row($"{i:000}", i)))]);

        Assert.Equal(100, outcome.ETags[0].Count);
        for (var i = 0; i < 100; i++)
            Assert.Equal(outcome.ETags[0][i], (await Get($"{i:000}"))!.ETag);
    }

    [SuiteFact]
    public async Task Submit_OfBatchesOverTables_AppliesThemAll()
    {
        var outcome = await Store.SubmitAsync(new(
            new TableBatch(Table.Tenants, TableWrite.Insert(Row("a", 1))),
            new TableBatch(Table.Tasks, TableWrite.Insert(Row("a", 2)), TableWrite.Insert(Row("b", 3)))));

        Assert.Equal((true, 2, 2), (outcome.Succeeded, outcome.AppliedBatches, outcome.ETags[1].Count));
        Assert.Equal(1, await Value("a"));
        Assert.Equal(3, (await Store.GetAsync(Table.Tasks, Partition, "b"))!.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Submit_WhereALaterBatchConflicts_SaysHowManyStand()
    {
        await Store.SubmitAsync(new(new TableBatch(Table.Tasks, TableWrite.Insert(Row("taken")))));

        var outcome = await Store.SubmitAsync(new(
            new TableBatch(Table.Tenants, TableWrite.Insert(Row("a", 1))),
            new TableBatch(Table.Tasks, TableWrite.Upsert(Row("b")), TableWrite.Insert(Row("taken"))),
            new TableBatch(Table.Tenants, TableWrite.Insert(Row("c", 1)))));

        Assert.Equal(new WriteConflict(1, 1, ConflictKind.Exists), outcome.Conflict);
        Assert.Equal(outcome.AppliedBatches, outcome.ETags.Count);
        Assert.Equal(outcome.AppliedBatches == 1, await Get("a") is not null);
        Assert.Null(await Store.GetAsync(Table.Tasks, Partition, "b"));
        Assert.Null(await Get("c"));
    }

    [SuiteFact]
    public async Task Submit_OfARowInTwoBatches_LetsTheSecondSeeTheFirst()
    {
        var outcome = await Store.SubmitAsync(new(
            new TableBatch(Table.Tenants, TableWrite.Insert(Row("a", 1))),
            new TableBatch(Table.Tenants, TableWrite.Insert(Row("a", 2)))));

        Assert.Equal(new WriteConflict(1, 0, ConflictKind.Exists), outcome.Conflict);
    }

    [SuiteFact]
    public async Task Submit_WhenTheCallerChangesItsColumnsLater_KeepsWhatWasSubmitted()
    {
        var columns = new Columns { ["value"] = 1, ["bytes"] = new byte[] { 1 } };
        await Put(TableWrite.Insert(Row(Partition, "a", columns)));

        columns["value"] = 2;
        columns.Bytes("bytes")![0] = 9;

        Assert.Equal(1, await Value("a"));
        Assert.Equal([1], (await Get("a"))!.Columns.Bytes("bytes")!);
    }
}

using Headgate.Ports;

namespace Headgate.Conformance.Tables;

public abstract partial class TableConformance
{
    [SuiteFact]
    public async Task Replace_FromManyWritersWithOneETag_LetsExactlyOneWin()
    {
        var etag = await Put(TableWrite.Insert(Row("a")));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => Submit(TableWrite.Replace(Row("a", i, etag))))));

        var winner = Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.Equal(winner.ETags[0][0], (await Get("a"))!.ETag);
        Assert.All(outcomes.Where(outcome => !outcome.Succeeded), outcome => AssertConflict(outcome, ConflictKind.Changed));
    }

    [SuiteFact]
    public async Task Insert_FromManyWriters_LetsExactlyOneWin()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => Submit(TableWrite.Insert(Row("a", i))))));

        Assert.Single(outcomes, outcome => outcome.Succeeded);
    }

    [SuiteFact]
    public async Task Submit_OfConcurrentIncrements_LosesNone()
    {
        await Put(TableWrite.Insert(Row("count", 0)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 25;)
            {
                var row = await Get("count");
                if ((await Submit(TableWrite.Replace(Row("count", row!.Columns.Int("value")!.Value + 1, row.ETag)))).Succeeded)
                    done++;
            }
        })));

        Assert.Equal(200, await Value("count"));
    }

    [SuiteFact]
    public async Task Submit_OfAPairOfRows_NeverLeavesOnlyOneOfTwoWriters()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
                await Submit(TableWrite.Upsert(Row("left", (i * 100) + n)), TableWrite.Upsert(Row("right", (i * 100) + n)));
        })));

        Assert.Equal(await Value("left"), await Value("right"));
    }

    [SuiteFact]
    public async Task Reads_AfterSubmit_SeeTheOwnWriteAtOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                var key = $"{writer}:{i % 5}";
                await Put(TableWrite.Upsert(Row(key, i)));
                Assert.Equal(i, await Value(key));
                var page = await Store.QueryAsync(TableQuery.Prefix(Table.Tenants, Partition, $"{writer}:"));
                Assert.Equal(i, page.Rows.Single(row => row.RowKey == key).Columns.Int("value"));
            }
        })));
    }
}

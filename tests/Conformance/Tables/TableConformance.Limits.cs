using Headgate.Ports;

namespace Headgate.Conformance.Tables;

public abstract partial class TableConformance
{
    [SuiteFact]
    public async Task Columns_OfEveryType_ComeBackAsTheyWere()
    {
        var columns = new Columns
        {
            ["empty"] = "",
            ["text"] = "grüße 日本 🚀\n",
            ["int"] = int.MinValue,
            ["intMax"] = int.MaxValue,
            ["long"] = long.MinValue,
            ["longMax"] = long.MaxValue,
            ["double"] = -0.1,
            ["whole"] = 3.0,
            ["yes"] = true,
            ["no"] = false,
            ["time"] = new DateTimeOffset(2031, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2)),
            ["guid"] = Guid.Parse("5f0a6c1e-53f4-4fd0-8d1f-0d3c2b1a9e8f"),
            ["bytes"] = new byte[] { 0, 1, 255 },
            ["nothing"] = null,
        };
        await Put(TableWrite.Insert(Row(Partition, "a", columns)));

        var read = (await Get("a"))!.Columns;

        Assert.Equal(columns.Count, read.Count);
        foreach (var (name, value) in columns)
        {
            Assert.Equal(value, read[name]);
            Assert.IsType(value.GetType(), read[name]);
        }

        Assert.Equal(TimeSpan.Zero, read.Time("time")!.Value.Offset);
    }

    [SuiteFact]
    public async Task Columns_AtTheirLargest_ComeBackWhole()
    {
        var bytes = new byte[64 * 1024];
        new Random(1).NextBytes(bytes);
        var text = new string('x', 32 * 1024);

        await Put(TableWrite.Insert(Row(Partition, "a", new() { ["bytes"] = bytes, ["text"] = text })));

        var read = (await Get("a"))!.Columns;
        Assert.Equal(bytes, read.Bytes("bytes"));
        Assert.Equal(text, read.String("text"));
    }

    [SuiteFact]
    public async Task Columns_PastTheirLimits_AreRefused()
    {
        await Refused(new Columns { ["bytes"] = new byte[(64 * 1024) + 1] });
        await Refused(new Columns { ["text"] = new string('x', (32 * 1024) + 1) });
        await Refused(new Columns { ["decimal"] = 1m });
        await Refused(new Columns { ["half a pair"] = "x" });
        await Refused(new Columns { ["broken"] = "\ud800" });

        async Task Refused(Columns columns) => await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Upsert(Row(Partition, "a", columns))));
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    public async Task Keys_OutsideTheGrammar_AreRefusedInWritesAndNameNoRow(string key)
    {
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Upsert(Row(Partition, key, []))));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Upsert(Row(key, "a", []))));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.DeleteIfExists(Partition, key)));
        Assert.Null(await Get(key));
    }

    [SuiteFact]
    public async Task Keys_AtTheirLongest_AreTakenAndOneMoreIsNot()
    {
        var longest = new string('k', 255);
        await Put(TableWrite.Insert(Row(longest, 1)));

        Assert.Equal(1, await Value(longest));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Insert(Row(longest + "k"))));
    }

    [SuiteTheory]
    [InlineData("with space")]
    [InlineData("'quoted'")]
    [InlineData("%41&b=c+d")]
    [InlineData("run:01;x,y(z)[]{}|~")]
    [InlineData("ä日🚀")]
    public async Task Keys_WithStrangeButLegalCharacters_AreTaken(string key)
    {
        await Put(TableWrite.Insert(Row(key, 1)));

        Assert.Equal(1, await Value(key));
        Assert.Equal([key], await Keys(new(Table.Tenants, Partition, From: key)));
    }

    [SuiteFact]
    public async Task Batches_OutsideTheirLimits_AreRefusedWhole()
    {
        await AssertRefused(new TableBatch(Table.Tenants));
        await AssertRefused(new TableBatch(Table.Tenants, [.. Enumerable.Range(0, 101).Select(i => TableWrite.Upsert(Row($"{i}")))]));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Upsert(Row("a")), TableWrite.Upsert(Row("a"))));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Upsert(Row("a")), TableWrite.Upsert(Row(Partition + "x", "b", []))));
        await AssertRefused(new TableBatch(Table.Tenants, [.. Enumerable.Range(0, 70).Select(i => TableWrite.Upsert(Row(Partition, $"{i}", new() { ["b"] = new byte[60 * 1024] })))]));

        Assert.Empty(await Keys(new(Table.Tenants, Partition)));
    }

    [SuiteFact]
    public async Task Batches_OfMegabytes_AreTaken()
    {
        var bytes = new byte[45 * 1024];
        new Random(2).NextBytes(bytes);
        TableWrite[] writes = [.. Enumerable.Range(0, 50).Select(i => TableWrite.Upsert(Row(Partition, $"{i:00}", new() { ["bytes"] = bytes })))];

        Assert.True((await Submit(writes)).Succeeded);
        Assert.True((await Submit(writes)).Succeeded);

        var rows = (await Store.QueryAsync(new(Table.Tenants, Partition))).Rows;
        Assert.Equal(50, rows.Count);
        Assert.All(rows, row => Assert.Equal(bytes, row.Columns.Bytes("bytes")));
    }

    [SuiteFact]
    public async Task Replace_WithoutAnETag_IsRefused()
    {
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Replace(Row("a"))));
        await AssertRefused(new TableBatch(Table.Tenants, TableWrite.Delete(Row("a"))));
    }

    private async Task AssertRefused(TableBatch batch) => await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.SubmitAsync(new(batch)));
}

using Headgate.Functions.Maintenance;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class AuditChainTests
{
    private const string Tenant = RunRig.Tenant;

    [Fact]
    public async Task Chain_RowsOfManyWriters_IsOneInTheOrderOfTheirTimes()
    {
        using var rig = new RunRig();
        for (var i = 0; i < 120; i++)
            await WriteAsync(rig, $"r{i}");

        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);

        var rows = await RowsAsync(rig);
        Assert.Equal(Enumerable.Range(0, 120).Reverse().Select(i => $"r{i}"), rows.Select(row => row.Columns.String("reason")));
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(i => (long)i), rows.Select(row => AuditLink.Of(row)!.Sequence));
        Assert.Equal((120, "intact", 0), await CheckAsync(rig));
    }

    [Fact]
    public async Task Chain_TwoProcessesAtOnce_LoseAndDoubleNothing()
    {
        using var rig = new RunRig();
        using var other = rig.OtherProcess();
        for (var i = 0; i < 60; i++)
            await WriteAsync(rig, $"r{i}");

        // The other process chains between this one's look and its write, and somebody writes a row meanwhile.
        rig.BeforeWriteTo(Table.Audit, async () =>
        {
            await other.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);
            await WriteAsync(rig, "late");
        });
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);

        var rows = await RowsAsync(rig);
        Assert.Equal(61, rows.Select(row => row.Columns.String("reason")).Distinct().Count());
        Assert.Equal((61, "intact", 0), await CheckAsync(rig));
    }

    [Fact]
    public async Task Chain_RowWrittenByAClockThatIsBehind_ComesAfterThoseThatAreChained()
    {
        using var rig = new RunRig();
        await WriteAsync(rig, "first");
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);
        rig.Wall.Offset = TimeSpan.FromDays(-2);
        await WriteAsync(rig, "second");
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);

        Assert.Equal(["second", "first"], (await RowsAsync(rig)).Select(row => row.Columns.String("reason")));
        Assert.Equal((2, "intact", 0), await CheckAsync(rig));
    }

    [Fact]
    public async Task Chain_RowThatIsWrittenTwice_HasItOnce()
    {
        using var rig = new RunRig();
        var entry = new AuditEntry(Tenant, rig.Clock.GetUtcNow(), "service", AuditAction.TenantResumed, null, "the pause's end", "service");
        var batch = entry.ToBatch(AuditEntry.RepeatableId(rig.Clock.GetUtcNow()));

        await rig.Tables.SubmitAsync(new TableChange(batch));
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);
        await rig.Tables.SubmitAsync(new TableChange(batch));
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);

        Assert.Equal((1, "intact", 0), await CheckAsync(rig));
        Assert.Empty((await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Audit, Tenant, RowKeys.AuditWaitingPrefix))).Rows);
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("action")]
    [InlineData("target")]
    [InlineData("reason")]
    [InlineData("requestId")]
    [InlineData("at")]
    [InlineData("hash")]
    [InlineData("previous")]
    [InlineData("sequence")]
    public async Task Check_RowWhoseColumnWasChanged_IsBrokenThere(string column)
    {
        using var rig = await ChainedAsync(5);
        var row = (await RowsAsync(rig))[2];
        var columns = new Columns(row.Columns);
        columns[column] = columns[column] switch
        {
            DateTimeOffset at => at.AddMilliseconds(1),
            byte[] bytes => (byte[])[.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
            long number => number + 100,
            _ => "somebody else",
        };
        rig.Tables.Put(Table.Audit, row.With(columns));

        var found = await BreakAsync(rig);

        // A changed link to the row before is seen where it leads, if not where it stands.
        Assert.Equal(row.RowKey, found.Row?.RowKey);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Check_RowThatWasRemoved_IsMissing(int place)
    {
        using var rig = await ChainedAsync(5);
        var row = (await RowsAsync(rig))[place];
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Audit, TableWrite.Delete(row))));

        var found = await BreakAsync(rig);

        Assert.Equal(AuditLink.Of(row)!.Sequence, found.Sequence);
        Assert.Contains("missing", found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_RowsThatChangedPlaces_AreOutOfOrder()
    {
        using var rig = await ChainedAsync(5);
        var rows = await RowsAsync(rig);
        rig.Tables.Put(Table.Audit, rows[1].With(new Columns(rows[3].Columns)));
        rig.Tables.Put(Table.Audit, rows[3].With(new Columns(rows[1].Columns)));

        var found = await BreakAsync(rig);

        Assert.Equal((4, rows[1].RowKey), (found.Sequence, found.Row?.RowKey));
    }

    [Fact]
    public async Task Check_RowsThatChangedPlacesAndTookTheirNumbersAlong_AreFound()
    {
        using var rig = await ChainedAsync(5);
        var rows = await RowsAsync(rig);
        foreach (var (from, to) in new[] { (rows[1], rows[2]), (rows[2], rows[1]) })
        {
            var columns = new Columns(from.Columns);
            foreach (var name in new[] { "sequence", "previous", "hash" })
                columns[name] = to.Columns[name];
            rig.Tables.Put(Table.Audit, to.With(columns));
        }

        Assert.Equal(rows[1].RowKey, (await BreakAsync(rig)).Row?.RowKey);
    }

    [Fact]
    public async Task Check_RowThatWasPutIn_HasNoPlace()
    {
        using var rig = await ChainedAsync(5);
        var row = (await RowsAsync(rig))[2];
        var columns = new Columns(row.Columns) { ["reason"] = "forged" };
        foreach (var name in new[] { "sequence", "previous", "hash" })
            columns[name] = null;
        rig.Tables.Put(Table.Audit, new TableRow(Tenant, row.RowKey + "0", columns));

        Assert.Null((await BreakAsync(rig)).Sequence);
    }

    [Fact]
    public async Task Check_EndOfTheChainRemoved_IsBroken()
    {
        using var rig = await ChainedAsync(3);
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Audit, TableWrite.DeleteIfExists(Tenant, RowKeys.AuditHead))));

        Assert.NotNull(await BreakAsync(rig));
    }

    [Fact]
    public async Task Check_RowsFromBeforeTheChain_AreToldAsSuch()
    {
        using var rig = await ChainedAsync(3);
        var old = new NewestFirstIds(new SequenceRandom());
        for (var i = 0; i < 2; i++)
        {
            var columns = new Columns(3) { { "at", rig.Clock.GetUtcNow().AddDays(-9) }, { "actor", "key:old" }, { "action", "SubmitRun" } };
            rig.Tables.Put(Table.Audit, new TableRow(Tenant, old.Next(rig.Clock.GetUtcNow().AddDays(-9)), columns));
        }

        Assert.Equal((3, "intact", 2), await CheckAsync(rig));
    }

    [Fact]
    public async Task Retention_OfTheOldest_LetsTheChainBeginLaterAndHold()
    {
        using var rig = await ChainedAsync(4, TimeSpan.FromDays(-2000));
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);
        Assert.Equal((0, "intact", 0), await CheckAsync(rig));

        await WriteAsync(rig, "later");
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);

        Assert.Equal((1, "intact", 0), await CheckAsync(rig));
        Assert.Equal(5, AuditLink.Of(Assert.Single(await RowsAsync(rig)))!.Sequence);
        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Audit, TableWrite.DeleteIfExists(Tenant, RowKeys.AuditAnchor))));
        Assert.Equal(4, (await BreakAsync(rig)).Sequence);
    }

    [Fact]
    public async Task Retention_CutShort_HoldsAllTheSame()
    {
        using var rig = await ChainedAsync(4);
        var rows = await RowsAsync(rig);
        await rig.Get<AuditChain>().RemoveAsync(Tenant, [.. rows.Skip(1)], CancellationToken.None);
        // The oldest had not gone yet.
        rig.Tables.Put(Table.Audit, rows[3]);

        Assert.Equal((1, "intact", 0), await CheckAsync(rig));
    }

    [Fact]
    public async Task Chain_Later_HappensByItself()
    {
        using var rig = new RunRig();
        await WriteAsync(rig, "one");
        rig.Get<AuditChain>().ChainLater(Tenant);
        rig.Get<AuditChain>().ChainLater(Tenant);
        Assert.Empty(await RowsAsync(rig));

        rig.Clock.Advance(AuditChain.Delay);

        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await RowsAsync(rig)).Count == 0 && !limit.IsCancellationRequested)
            await Task.Yield();
        Assert.Single(await RowsAsync(rig));
    }

    private static async Task<RunRig> ChainedAsync(int count, TimeSpan offset = default)
    {
        var rig = new RunRig();
        rig.Wall.Offset = offset;
        for (var i = 0; i < count; i++)
            await WriteAsync(rig, $"r{i}");
        rig.Wall.Offset = TimeSpan.Zero;
        await rig.Get<AuditChain>().ChainAsync(Tenant, CancellationToken.None);
        return rig;
    }

    private static async Task WriteAsync(RunRig rig, string reason) => await rig.Tables.SubmitAsync(
        new TableChange(new AuditEntry(Tenant, rig.Wall.GetUtcNow(), "key:abc", AuditAction.TenantPaused, "it", reason, "req-1").ToBatch(rig.Get<NewestFirstIds>())));

    private static async Task<List<TableRow>> RowsAsync(RunRig rig)
    {
        var rows = new List<TableRow>();
        await foreach (var row in rig.Get<AuditChain>().RowsAsync(Tenant, CancellationToken.None))
            rows.Add(row);
        return rows;
    }

    private static async Task<(int Rows, string Chain, int Unchained)> CheckAsync(RunRig rig)
    {
        var check = await WalkAsync(rig);
        return (check.Rows, check.Break is null ? "intact" : check.Break.Problem, check.Unchained);
    }

    private static async Task<ChainBreak> BreakAsync(RunRig rig) => (await WalkAsync(rig)).Break ?? throw new InvalidOperationException("The chain holds.");

    private static async Task<ChainCheck> WalkAsync(RunRig rig)
    {
        var chain = rig.Get<AuditChain>();
        var head = await chain.HeadAsync(Tenant, CancellationToken.None);
        var check = new ChainCheck(Tenant, head, await chain.AnchorAsync(Tenant, CancellationToken.None));
        await foreach (var row in chain.RowsAsync(Tenant, CancellationToken.None))
        {
            if (!check.Take(row))
                break;
        }

        check.End(head);
        return check;
    }
}

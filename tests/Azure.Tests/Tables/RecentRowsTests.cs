using Headgate.Azure.Tables.Recent;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.Tables;

public sealed class RecentRowsTests
{
    private readonly ManualClock _clock = new();
    private readonly RecentRows _recent;

    public RecentRowsTests() => _recent = new RecentRows(_clock);

    [Fact]
    public void Find_WrittenRow_CarriesTheNewETag()
    {
        Submit(Table.Tasks, TableWrite.Replace(Row("run", "task:a", "1")), "2");

        Assert.Equal("2", _recent.Find(Table.Tasks, "run", "task:a")!.ETag);
        Assert.Null(_recent.Find(Table.Tasks, "other", "task:a"));
        Assert.Null(_recent.Find(Table.Tenants, "run", "task:a"));
    }

    [Fact]
    public void Find_DeletedRow_IsForgotten()
    {
        _recent.Read(Table.Tenants, Row("acme", "run:1", "1"));
        Submit(Table.Tenants, TableWrite.DeleteIfExists("acme", "run:1"), "");

        Assert.Null(_recent.Find(Table.Tenants, "acme", "run:1"));
    }

    [Fact]
    public void Find_RowsOfAConflict_AreForgottenAndThoseBeforeItKept()
    {
        _recent.Read(Table.Tasks, Row("run", "task:a", "1"));
        var change = new TableChange(
            new TableBatch(Table.Tenants, TableWrite.Upsert(Row("acme", "run:1"))),
            new TableBatch(Table.Tasks, TableWrite.Replace(Row("run", "task:a", "1"))));

        _recent.Submitted(change, new ChangeOutcome(1, new WriteConflict(1, 0, ConflictKind.Changed), [["7"]]));

        Assert.Null(_recent.Find(Table.Tasks, "run", "task:a"));
        Assert.Equal("7", _recent.Find(Table.Tenants, "acme", "run:1")!.ETag);
    }

    [Fact]
    public void FindPartition_ReadInPart_IsNotKnown()
    {
        var whole = new TableQuery(Table.Agents, "agt");

        Assert.Null(_recent.Begin(whole with { Columns = ["lastSeenAt"] }));
        Assert.Null(_recent.Begin(whole with { From = "task:" }));
        Assert.Null(_recent.Begin(whole with { Before = "task:" }));
        Assert.Null(_recent.Begin(whole with { Continuation = "2" }));
        Assert.NotNull(_recent.Begin(whole));
    }

    [Fact]
    public void Find_RowsOfAChangeInDoubt_AreForgotten()
    {
        _recent.Read(Table.Tasks, Row("run", "task:a", "1"));
        Partition("1");
        _recent.Doubted(new TableChange(
            new TableBatch(Table.Agents, TableWrite.Upsert(Row("agt", "!load"))), new TableBatch(Table.Tasks, TableWrite.Replace(Row("run", "task:a", "1")))));

        Assert.Null(_recent.Find(Table.Tasks, "run", "task:a"));
        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void Find_RowTooLarge_IsNotKeptNorAnOlderOneOfIt()
    {
        _recent.Read(Table.Tenants, Row("acme", "run:1", "1"));
        _recent.Read(Table.Tenants, new TableRow("acme", "run:1", new Columns { { "body", new byte[RowGenerations.MaxRowBytes] } }, "2"));

        Assert.Null(_recent.Find(Table.Tenants, "acme", "run:1"));
    }

    [Fact]
    public void Find_AfterTwoGenerationsOfOthers_IsForgotten()
    {
        _recent.Read(Table.Tenants, Row("acme", "run:1", "1"));
        const int Bytes = 60 * 1024;
        for (var i = 0; i < (2 * RowGenerations.MaxBytes / Bytes) + 2; i++)
            _recent.Read(Table.Tenants, new TableRow("acme", $"run:x{i}", new Columns { { "body", new byte[Bytes] } }, "1"));

        Assert.Null(_recent.Find(Table.Tenants, "acme", "run:1"));
    }

    [Fact]
    public void FindPartition_ReadWhole_FollowsOwnWrites()
    {
        Partition("1");
        Submit(Table.Agents, [TableWrite.Replace(Row("agt", "!load", "1")), TableWrite.Upsert(Row("agt", "task:t"))], "2", "3");

        var rows = _recent.FindPartition(Table.Agents, "agt")!;
        Assert.Equal([("!agent", "1"), ("!load", "2"), ("task:t", "3")], rows.Select(row => (row.RowKey, row.ETag!)).Order());
    }

    [Fact]
    public void FindPartition_AfterFiveSeconds_IsForgotten()
    {
        Partition("1");
        _clock.Advance(RecentPartitions.Lifetime);

        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void FindPartition_WriteOnAnETagNotRemembered_IsForgotten()
    {
        // Another process wrote version 2 and perhaps other rows; this one read only this row and wrote version 3.
        Partition("1");
        Submit(Table.Agents, TableWrite.Replace(Row("agt", "!load", "2")), "3");

        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void FindPartition_WrittenWhileItWasRead_IsNotKept()
    {
        var read = _recent.Begin(new TableQuery(Table.Agents, "agt"));
        Submit(Table.Agents, TableWrite.Upsert(Row("agt", "task:t")), "3");
        _recent.End(read, Page("1"));

        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void FindPartition_OlderReadThatEndsLater_IsNotKept()
    {
        var older = _recent.Begin(new TableQuery(Table.Agents, "agt"));
        var newer = _recent.Begin(new TableQuery(Table.Agents, "agt"));
        _recent.End(newer, Page("2"));
        _recent.End(older, Page("1"));

        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void FindPartition_ReadInPart_IsNotKept()
    {
        Assert.Null(_recent.Begin(TableQuery.Prefix(Table.Agents, "agt", "task:")));
        _recent.End(_recent.Begin(new TableQuery(Table.Agents, "agt")), Page("1") with { Continuation = "more" });

        Assert.Null(_recent.FindPartition(Table.Agents, "agt"));
    }

    [Fact]
    public void FindPartition_MoreThanFit_KeepsThoseThatWereFirst()
    {
        for (var i = 0; i <= RecentPartitions.MaxPartitions; i++)
            _recent.End(_recent.Begin(new TableQuery(Table.Agents, $"agt{i}")), Page("1"));

        Assert.NotNull(_recent.FindPartition(Table.Agents, "agt0"));
        Assert.Null(_recent.FindPartition(Table.Agents, $"agt{RecentPartitions.MaxPartitions}"));

        _clock.Advance(RecentPartitions.Lifetime);
        Partition("1");
        Assert.NotNull(_recent.FindPartition(Table.Agents, "agt"));
    }

    private void Partition(string etag) => _recent.End(_recent.Begin(new TableQuery(Table.Agents, "agt")), Page(etag));

    private static TablePage Page(string etag) => new([Row("agt", "!agent", etag), Row("agt", "!load", etag)], null);

    private void Submit(Table table, TableWrite write, string etag) => Submit(table, [write], etag);

    private void Submit(Table table, TableWrite[] writes, params string[] etags) =>
        _recent.Submitted(new TableChange(new TableBatch(table, writes)), new ChangeOutcome(1, null, [etags]));

    private static TableRow Row(string partitionKey, string rowKey, string? etag = null) => new(partitionKey, rowKey, new Columns { { "value", "x" } }, etag);
}
